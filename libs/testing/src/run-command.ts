import { spawn } from 'node:child_process';
import { LangevinError } from '@langevin/contracts';

/**
 * Runs a command to its end, quietly.
 * @throws LangevinError `unsupported` when it cannot be started or fails, with the last lines that it printed and `mend`
 */
export async function runCommand(command: string, args: readonly string[], options: { readonly env?: NodeJS.ProcessEnv; readonly cwd?: string; readonly mend: string }): Promise<void> {
  const child = spawn(command, args, { env: options.env ?? process.env, cwd: options.cwd, stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (piece: string) => (output = (output + piece).slice(-4000)));
  const code = await new Promise<number | null>((settle) => {
    child.once('error', (error) => {
      output = error.message;
      settle(null);
    });
    child.once('close', settle);
  });
  if (code !== 0) throw new LangevinError('unsupported', `${command} ${args.join(' ')} failed: ${output.trim().split('\n').slice(-8).join(' | ')}; ${options.mend}`);
}
