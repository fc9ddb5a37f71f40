/** The message of an error as a sentence, without the part of the request in front, which says nothing to people who filled in a form. */
export function plainWords(message: string): string {
  const text = message.replace(/^(?:body|query|path|job spec): /, '');
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}${/[.!?…]$/.test(text) ? '' : '.'}`;
}
