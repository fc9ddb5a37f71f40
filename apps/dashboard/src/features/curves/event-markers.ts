import type { RunEvent, RunEventKind } from '@langevin/contracts/api';
import type { Marker } from '../../charts/marker.js';

const tones: Record<RunEventKind, Marker['tone']> = {
  started: 'neutral',
  resumed: 'neutral',
  paused: 'bad',
  recovered: 'neutral',
  relayed: 'neutral',
  checkpoint: 'good',
  'trainer-lost': 'bad',
  'trainer-joined': 'neutral',
  'trainer-drained': 'neutral',
  'trainer-evicted': 'bad',
  'trainers-differ': 'bad',
  failed: 'bad',
  cancelled: 'bad',
  succeeded: 'good',
};

/** Checkpoints beyond this number would hide the curve, and everything else that happened. */
const mostCheckpoints = 40;

/** The events of a run as marks on its curves: where there are many checkpoints, the other events alone. */
export function eventMarkers(events: readonly RunEvent[], axis: 'step' | 'time'): Marker[] {
  const checkpoints = events.filter(({ kind }) => kind === 'checkpoint').length;
  return events
    .filter(({ kind }) => kind !== 'checkpoint' || checkpoints <= mostCheckpoints)
    .map(({ kind, step, time, text }) => ({ x: axis === 'step' ? step : Date.parse(time), tone: tones[kind], hasLine: kind !== 'checkpoint', text }));
}
