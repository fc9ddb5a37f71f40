import { LangevinError } from '@langevin/contracts';

/** What is wrong with a job specification, each problem with its path. @throws what is no `invalid_spec` */
export function specProblems(thrown: unknown): { path: string; reason: string }[] {
  if (!(thrown instanceof LangevinError) || thrown.code !== 'invalid_spec') throw thrown;
  return problemsOf(thrown.message);
}

/** `job spec: training.steps: missing; model: …` as one problem each; what names no path belongs to the one before. */
function problemsOf(message: string): { path: string; reason: string }[] {
  const problems: { path: string; reason: string }[] = [];
  for (const part of message.replace(/^job spec: /, '').split('; ')) {
    const [, path, reason] = /^([A-Za-z_][\w.[\]]*): (.*)$/s.exec(part) ?? [];
    const last = problems.at(-1);
    if (path !== undefined && reason !== undefined && path !== 'not') problems.push({ path, reason });
    else if (last) last.reason += `; ${part}`;
    else problems.push({ path: '', reason: part });
  }
  return problems;
}
