import { spawn } from 'node:child_process';
import { LangevinError } from '@langevin/contracts';

const keptCharacters = 8192;

/** How an outside program is run. */
export interface ToolOptions {
  readonly cwd?: string;
  readonly env?: NodeJS.ProcessEnv;
  /** Ends the program when it is aborted. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * Runs an outside program and returns what it wrote to stdout.
 * @throws LangevinError `storage_full` when the program found the disk full, else `runtime_missing`, with the last lines it wrote.
 */
export function runTool(command: string, args: readonly string[], options: ToolOptions = {}): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { ...options, stdio: ['ignore', 'pipe', 'pipe'] });
    let stdout = '';
    let stderr = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
    child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr = (stderr + text).slice(-keptCharacters)));
    child.on('error', (cause) => reject(toolError(`${command} did not run: ${cause.message}`, '', cause)));
    child.on('close', (code, signal) => {
      if (code === 0) resolve(stdout);
      else reject(toolError(`${command} ended with ${signal ?? `code ${code}`}`, stderr.trim() ? stderr : stdout));
    });
  });
}

function toolError(what: string, output: string, cause?: unknown): LangevinError {
  if (/no space left on device|Errno 28\b|disk quota exceeded/i.test(output)) {
    return new LangevinError('storage_full', `${what}: no space left on the cache's disk; free some, or set LANGEVIN_CACHE to another folder`, { cause });
  }
  const tail = output.trim().split('\n').slice(-6).join('\n');
  return new LangevinError('runtime_missing', tail ? `${what}:\n${tail}` : what, { cause });
}
