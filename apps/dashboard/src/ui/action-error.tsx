import { ErrorText } from './error-text.js';

/** Says why an action failed; keeps no place while none did. */
export function ActionError({ error }: { readonly error: Error | null }) {
  if (!error) return null;
  return (
    <div role="alert" className="rounded-md border border-bad px-3 py-2 text-bad">
      <ErrorText error={error} />
    </div>
  );
}
