import { useNavigate, useSearch } from '@tanstack/react-router';
import { ChevronLeft, ChevronRight, Maximize2, ZoomIn, ZoomOut } from 'lucide-react';
import { panned, zoomed } from '../../charts/zoom.js';
import type { Stretch } from '../../charts/zoom.js';
import { useQuery } from '@tanstack/react-query';
import { metricsQuery } from '../../api/queries.js';
import { useShortcut } from '../../shortcuts/use-shortcut.js';
import { IconButton } from '../../ui/icon-button.js';
import { Segmented } from '../../ui/segmented.js';

/** Properties of the toolbar. */
export interface CurvesToolbarProps {
  readonly run: string;
  /** The x values of the curves that are shown. */
  readonly shown: readonly number[] | undefined;
  readonly smoothing: number;
  readonly onSmoothing: (smoothing: number) => void;
}

/** How the curves are looked at: axis, smoothing, zoom. */
export function CurvesToolbar({ run, shown, smoothing, onSmoothing }: CurvesToolbarProps) {
  const search = useSearch({ from: '/runs/$run/' });
  const navigate = useNavigate({ from: '/runs/$run/' });
  const { x = 'step', log = true, from, to } = search;
  const set = (change: Partial<typeof search>) => void navigate({ search: (old) => ({ ...old, ...change }), replace: true, resetScroll: false });
  const whole = useWhole(run, x, shown);
  const now = whole && { from: from ?? whole.from, to: to ?? whole.to };
  const look = (next: Stretch | undefined) => set({ from: next?.from, to: next?.to });
  const zoom = (factor: number) => now && look(zoomed(now, whole, factor));
  const pan = (share: number) => now && look(panned(now, whole, share));
  const isZoomed = from !== undefined || to !== undefined;
  useShortcut('+', 'Zoom in', () => zoom(0.5));
  useShortcut('-', 'Zoom out', () => zoom(2));
  useShortcut('0', 'Show everything', () => look(undefined));
  useShortcut('l', 'Logarithmic axis', () => set({ log: log ? false : undefined }));
  return (
    <div role="toolbar" aria-label="Curves" className="flex flex-wrap items-center gap-x-4 gap-y-2">
      <Segmented
        label="Horizontal axis"
        value={x}
        options={[
          { value: 'step', label: 'Step' },
          { value: 'time', label: 'Time' },
        ]}
        onChange={(value) => set({ x: value === 'step' ? undefined : value, from: undefined, to: undefined })}
      />
      <Segmented
        label="Vertical axis"
        value={log ? 'log' : 'linear'}
        options={[
          { value: 'linear', label: 'Linear' },
          { value: 'log', label: 'Log' },
        ]}
        onChange={(value) => set({ log: value === 'log' ? undefined : false })}
      />
      <label className="flex items-center gap-2 text-ink-2">
        Smoothing
        <input type="range" min={0} max={0.99} step={0.01} value={smoothing} onChange={(event) => onSmoothing(event.target.valueAsNumber)} className="rail w-28" />
        <span className="w-8">{smoothing.toFixed(2)}</span>
      </label>
      <ZoomButtons isZoomed={isZoomed} isReady={whole !== undefined} zoom={zoom} pan={pan} reset={() => look(undefined)} />
    </div>
  );
}

interface ZoomButtonsProps {
  readonly isZoomed: boolean;
  readonly isReady: boolean;
  readonly zoom: (factor: number) => void;
  readonly pan: (share: number) => void;
  readonly reset: () => void;
}

/** Zoom without dragging. */
function ZoomButtons({ isZoomed, isReady, zoom, pan, reset }: ZoomButtonsProps) {
  return (
    <div role="group" aria-label="Zoom" className="ml-auto flex items-center">
      <IconButton label="Earlier" disabled={!isZoomed} onClick={() => pan(-0.5)}>
        <ChevronLeft size={16} aria-hidden />
      </IconButton>
      <IconButton label="Later" disabled={!isZoomed} onClick={() => pan(0.5)}>
        <ChevronRight size={16} aria-hidden />
      </IconButton>
      <IconButton label="Zoom in" shortcut="+" disabled={!isReady} onClick={() => zoom(0.5)}>
        <ZoomIn size={16} aria-hidden />
      </IconButton>
      <IconButton label="Zoom out" shortcut="-" disabled={!isZoomed} onClick={() => zoom(2)}>
        <ZoomOut size={16} aria-hidden />
      </IconButton>
      <IconButton label="Show everything" shortcut="0" disabled={!isZoomed} onClick={reset}>
        <Maximize2 size={15} aria-hidden />
      </IconButton>
    </div>
  );
}

/** First and last x of the whole run: those of the curves while nothing is zoomed, of a short request else. */
function useWhole(run: string, x: 'step' | 'time', shown: readonly number[] | undefined): Stretch | undefined {
  const { from, to } = useSearch({ from: '/runs/$run/' });
  const isZoomed = from !== undefined || to !== undefined;
  const ends = useQuery({ ...metricsQuery(run, { keys: ['loss'], x, buckets: 100 }), enabled: isZoomed });
  const all = isZoomed ? ends.data?.keys.loss?.x : shown;
  const first = all?.[0];
  const last = all?.at(-1);
  return first === undefined || last === undefined ? undefined : { from: x === 'step' ? 0 : first, to: last };
}
