const answers = new Map<string, Promise<Response>>();

/** Asks for what the page will need, before the program that shows it is there. */
export function askEarly(url: string): void {
  const answer = fetch(url, { credentials: 'same-origin' });
  answers.set(url, answer);
  // Whoever takes it hears of its failure.
  answer.catch(() => undefined);
}

/** The answer that was asked for early, if any; once. */
export function takeEarlyAnswer(url: string): Promise<Response> | undefined {
  const answer = answers.get(url);
  answers.delete(url);
  return answer;
}
