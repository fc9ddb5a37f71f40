import { Button } from '../ui/button.js';
import { ErrorText } from '../ui/error-text.js';
import { StateNote } from '../ui/state-note.js';

/** Stands where a page failed: its program could not be loaded, or has a mistake. */
export function PageError({ error }: { readonly error: unknown }) {
  return (
    <StateNote isPage alarm title="This page could not be shown" actions={<Button onClick={() => location.reload()}>Load again</Button>}>
      {isLoadFailure(error) ? 'Its program could not be loaded: the coordinator does not answer, or does not know this browser any more.' : <ErrorText error={error instanceof Error ? error : new Error(String(error))} />}
    </StateNote>
  );
}

/** What browsers say when a part of the program is not there: Chromium and Firefox, WebKit, and Vite for styles. */
function isLoadFailure(error: unknown): boolean {
  return error instanceof Error && /dynamically imported module|importing a module script|unable to preload/i.test(error.message);
}
