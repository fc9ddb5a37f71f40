import { Suspense, lazy, useLayoutEffect, useRef, useState } from 'react';
import { paletteClass, paletteInputClass } from './palette-classes.js';
import { parts } from './pages.js';

const CommandPalette = lazy(async () => ({ default: (await parts.palette()).CommandPalette }));

/** The palette. What is typed while its program is being loaded is not lost. */
export function Palette({ onClose }: { readonly onClose: () => void }) {
  const [text, setText] = useState('');
  return (
    <Suspense fallback={<PaletteInput text={text} onText={setText} onClose={onClose} />}>
      <CommandPalette text={text} onText={setText} onClose={onClose} />
    </Suspense>
  );
}

interface PaletteInputProps {
  readonly text: string;
  readonly onText: (text: string) => void;
  readonly onClose: () => void;
}

function PaletteInput({ text, onText, onClose }: PaletteInputProps) {
  const dialog = useRef<HTMLDialogElement>(null);
  useLayoutEffect(() => dialog.current?.showModal(), []);
  return (
    <dialog ref={dialog} aria-label="Go to a page, a run or a model" aria-busy="true" onClose={onClose} className={paletteClass}>
      <input aria-label="Page, run or model" placeholder="Page, run or model" value={text} onChange={(event) => onText(event.target.value)} className={paletteInputClass} />
    </dialog>
  );
}
