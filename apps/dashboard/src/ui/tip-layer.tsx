import { useEffect, useRef } from 'react';
import { followTips } from './tips.js';

/** The tip of the page. It repeats the name of what it is about, for the eye alone. */
export function TipLayer() {
  const tip = useRef<HTMLDivElement>(null);
  useEffect(() => (tip.current ? followTips(tip.current) : undefined), []);
  return <div ref={tip} popover="manual" aria-hidden="true" className="tip" />;
}
