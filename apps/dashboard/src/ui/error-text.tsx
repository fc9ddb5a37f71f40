import { Fragment } from 'react';
import { RequestError } from '../api/request-error.js';
import { CommandText } from './command-text.js';
import { plainWords } from './plain-words.js';

/** What went wrong in plain words; beneath, small, the name that programs know it by. */
export function ErrorText({ error }: { readonly error: Error }) {
  return (
    <>
      <span className="block break-words">
        <MessageText text={plainWords(error.message)} />
      </span>
      {error instanceof RequestError && error.code !== 'unreachable' && <code className="mt-0.5 block font-mono text-xs text-ink-3">{error.code}</code>}
    </>
  );
}

/** A message of the coordinator, with the commands in it as they are to be typed. */
export function MessageText({ text }: { readonly text: string }) {
  // Commands stand between backticks.
  return text.split('`').map((part, i) => (i % 2 === 1 ? <CommandText key={i} text={part} /> : <Fragment key={i}>{part}</Fragment>));
}
