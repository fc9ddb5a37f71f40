/** A command in a text, as it is to be typed in the folder of the project. */
export function CommandText({ text }: { readonly text: string }) {
  return <code className="font-mono text-xs break-words">{text.replace(/^langevin\b/, 'npx langevin')}</code>;
}
