import { ChevronLeft, ChevronRight, Pause, Play } from 'lucide-react';
import { useEffect, useRef, useState } from 'react';
import { formatCount } from '../../format/numbers.js';
import { useShortcut } from '../../shortcuts/use-shortcut.js';
import { IconButton } from '../../ui/icon-button.js';

const playMs = 160;

/** Properties of the slider. */
export interface StepSliderProps {
  /** The steps with a picture, ascending; at least one. */
  readonly steps: readonly number[];
  readonly index: number;
  readonly onIndex: (index: number) => void;
}

/** One slider over every checkpoint that has samples. */
export function StepSlider({ steps, index, onIndex }: StepSliderProps) {
  const last = steps.length - 1;
  const move = (by: number) => onIndex(Math.min(last, Math.max(0, index + by)));
  const [playing, setPlaying] = usePlaying(index, last, onIndex);
  useShortcut('[', 'Checkpoint before', () => move(-1));
  useShortcut(']', 'Next checkpoint', () => move(1));
  useShortcut('p', 'Play the checkpoints', () => setPlaying(!playing));
  const step = steps[index] ?? 0;
  return (
    <div className="flex items-center gap-1">
      <IconButton label={playing ? 'Pause' : 'Play'} shortcut="p" disabled={last === 0} onClick={() => setPlaying(!playing)}>
        {playing ? <Pause size={15} aria-hidden /> : <Play size={15} aria-hidden />}
      </IconButton>
      <IconButton label="Checkpoint before" shortcut="[" disabled={index === 0} onClick={() => move(-1)}>
        <ChevronLeft size={16} aria-hidden />
      </IconButton>
      <input
        type="range"
        aria-label="Checkpoint"
        aria-valuetext={`step ${step}`}
        min={0}
        max={last}
        step={1}
        value={index}
        disabled={last === 0}
        onChange={(event) => onIndex(event.target.valueAsNumber)}
        className="rail min-w-0 grow"
      />
      <IconButton label="Next checkpoint" shortcut="]" disabled={index === last} onClick={() => move(1)}>
        <ChevronRight size={16} aria-hidden />
      </IconButton>
      <output className="w-24 shrink-0 text-right font-medium">step {formatCount(step)}</output>
    </div>
  );
}

/** Moves on by one picture after the other, from the first if it stood at the last. */
function usePlaying(index: number, last: number, onIndex: (index: number) => void) {
  const [playing, setPlaying] = useState(false);
  const latest = useRef({ index, last, onIndex });
  useEffect(() => {
    latest.current = { index, last, onIndex };
  });
  useEffect(() => {
    if (!playing) return undefined;
    if (latest.current.index === latest.current.last) latest.current.onIndex(0);
    const timer = setInterval(() => {
      const now = latest.current;
      if (now.index >= now.last) setPlaying(false);
      else now.onIndex(now.index + 1);
    }, playMs);
    return () => clearInterval(timer);
  }, [playing]);
  return [playing, setPlaying] as const;
}
