/** Says why an action failed; keeps no place while none did. */
export function ActionError({ error }: { readonly error: Error | null }) {
  if (!error) return null;
  return (
    <p role="alert" className="rounded-md border border-bad px-3 py-2 text-bad">
      {error.message}
    </p>
  );
}
