import { formatLoss } from '../job-text.js';
import type { LogEntry } from './log-entry.js';

/** `2026-01-31T17:05:09Z     120  checkpoint      checkpoint 0123abcd4567`: time (UTC), committed steps, what happened. */
export function logLine(entry: LogEntry): string {
  const time = entry.time === null ? '' : `${entry.time.slice(0, 19)}Z`;
  return `${time.padEnd(20)}  ${String(entry.step).padStart(7)}  ${entry.kind.padEnd(14)}  ${textOf(entry)}`.trimEnd();
}

function textOf(entry: LogEntry): string {
  if (entry.kind !== 'progress') return entry.text;
  const speed = entry.imagesPerSecond > 0 ? [`${entry.imagesPerSecond.toFixed(1)} images/s`] : [];
  return [`loss ${formatLoss(entry.loss)}`, `gradient norm ${entry.gradientNorm.toPrecision(3)}`, ...speed].join(' · ');
}
