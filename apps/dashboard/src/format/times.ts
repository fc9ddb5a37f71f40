const minute = 60;
const hour = 60 * minute;
const day = 24 * hour;

/** A span in its largest unit: `8 s`, `3 min`, `5 h`, `12 d`. */
export function formatSpan(milliseconds: number): string {
  const seconds = Math.max(0, Math.round(milliseconds / 1000));
  if (seconds < minute) return `${seconds} s`;
  if (seconds < hour) return `${Math.floor(seconds / minute)} min`;
  if (seconds < day) return `${Math.floor(seconds / hour)} h`;
  return `${Math.floor(seconds / day)} d`;
}

/** A short span as it was measured: `350 ms`, `3.2 s`, and from a minute on as `formatSpan`. */
export function formatDuration(milliseconds: number): string {
  if (milliseconds < 1000) return `${Math.max(0, Math.round(milliseconds))} ms`;
  return milliseconds < 1000 * minute ? `${(milliseconds / 1000).toFixed(1)} s` : formatSpan(milliseconds);
}

/** How long ago a time was: `8 s ago`, or `now` within the last two seconds. */
export function formatAge(time: string, nowMs: number): string {
  const ageMs = nowMs - Date.parse(time);
  return ageMs < 2000 ? 'now' : `${formatSpan(ageMs)} ago`;
}

/** A time in the reader's zone, to the second: `2026-11-24 15:04:05`. */
export function formatTime(time: string | number): string {
  const date = new Date(time);
  const two = (value: number) => String(value).padStart(2, '0');
  const clock = [date.getHours(), date.getMinutes(), date.getSeconds()].map(two).join(':');
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())} ${clock}`;
}
