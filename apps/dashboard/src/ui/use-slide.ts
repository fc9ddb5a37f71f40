import { useEffect, useRef, useState } from 'react';

/** A browser refuses an address that changes too often. */
const settleMs = 250;

/**
 * A value that a slider moves: what it shows follows at once, `commit` is called when it has come to rest.
 * @param committed the value outside, which counts while nobody slides
 */
export function useSlide<Value>(committed: Value, commit: (value: Value) => void): readonly [Value, (value: Value) => void] {
  const [sliding, setSliding] = useState<{ readonly value: Value }>();
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const latest = useRef(commit);
  useEffect(() => {
    latest.current = commit;
  });
  useEffect(() => () => clearTimeout(timer.current), []);
  const slide = (value: Value) => {
    setSliding({ value });
    clearTimeout(timer.current);
    timer.current = setTimeout(() => {
      latest.current(value);
      setSliding(undefined);
    }, settleMs);
  };
  return [sliding ? sliding.value : committed, slide];
}
