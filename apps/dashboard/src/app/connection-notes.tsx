import type { ConnectionState } from '../api/connection.js';
import { CommandText } from '../ui/command-text.js';
import { classNames } from '../ui/class-names.js';
import { useConnection } from './connection-context.js';

const words: Record<ConnectionState, string> = { connecting: 'Connecting', live: 'Live', lost: 'Reconnecting', refused: 'Not signed in' };
const tones: Record<ConnectionState, string> = { connecting: 'bg-ink-3', live: 'bg-ok', lost: 'bg-warn animate-pulse', refused: 'bg-bad' };

/** The state of the live stream: a dot and a word. */
export function ConnectionDot() {
  const state = useConnection();
  return (
    <span role="status" className="mr-1 inline-flex items-center gap-1.5 text-xs text-ink-3">
      <span aria-hidden="true" className={classNames('size-2 rounded-full', tones[state])} />
      <span className="sr-only md:not-sr-only">{words[state]}</span>
    </span>
  );
}

/** Says that what is on the page may be old, while the coordinator is away. */
export function ConnectionBanner() {
  const state = useConnection();
  if (state !== 'lost' && state !== 'refused') return null;
  return (
    <div role="alert" className="border-b border-line bg-raised px-3 py-2 text-center">
      {state === 'lost' ? (
        <>
          <strong className="font-semibold">The coordinator does not answer.</strong> What you see is the last it said. Trying again…
        </>
      ) : (
        <>
          <strong className="font-semibold">The coordinator does not know this browser.</strong> Open the address that <CommandText text="langevin up" /> printed; it holds the token.
        </>
      )}
    </div>
  );
}
