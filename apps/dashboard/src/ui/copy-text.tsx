import { Check, Copy } from 'lucide-react';
import { useState } from 'react';

/** Properties of a text to copy. */
export interface CopyTextProps {
  /** What is copied. */
  readonly text: string;
  /** What is shown in its stead, if it is too long. */
  readonly shown?: string;
  /** What it is, for the button's name. */
  readonly what: string;
}

/** A text in monospace that a click copies. */
export function CopyText({ text, shown, what }: CopyTextProps) {
  const [copied, setCopied] = useState(false);
  const copy = () =>
    void navigator.clipboard.writeText(text).then(
      () => setCopied(true),
      () => setCopied(false), // without permission there is still the text, to be selected by hand
    );
  return (
    <span className="inline-flex min-w-0 items-center gap-1">
      <code className="truncate font-mono text-xs" title={text}>
        {shown ?? text}
      </code>
      <button type="button" aria-label={copied ? `${what} copied` : `Copy ${what}`} onClick={copy} onBlur={() => setCopied(false)} className="inline-flex size-6 shrink-0 items-center justify-center rounded text-ink-3 hover:bg-raised hover:text-ink">
        {copied ? <Check size={13} aria-hidden /> : <Copy size={13} aria-hidden />}
      </button>
    </span>
  );
}
