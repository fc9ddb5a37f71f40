import { Command, CommanderError } from 'commander';
import { LangevinError } from '@langevin/contracts';
import { registerDataset } from './commands/dataset.js';
import { registerDemo } from './commands/demo.js';
import { registerDoctor } from './commands/doctor.js';
import { registerJob } from './commands/job.js';
import { registerSample } from './commands/sample.js';
import { registerTrainer } from './commands/trainer.js';
import { registerUp } from './commands/up.js';
import { exitCodeOf, exitCodes } from './exit-code.js';
import { version } from './version.js';

/** The whole `langevin` command. */
export function createProgram(): Command {
  const program = new Command('langevin')
    .description('Distributed training of diffusion models, with the same weights from any cluster.')
    .version(version)
    .showHelpAfterError('(--help shows what is possible)')
    .exitOverride();
  for (const register of [registerDemo, registerUp, registerTrainer, registerDoctor, registerDataset, registerJob, registerSample]) register(program);
  return program;
}

/**
 * Runs one command line and returns the exit code. An error is one line on standard error; under --json also
 * `{"ok":false,"error":{code,message}}` on standard output.
 */
export async function runCli(args: readonly string[]): Promise<number> {
  try {
    await createProgram().parseAsync(args, { from: 'user' });
    return Number(process.exitCode ?? exitCodes.success);
  } catch (thrown) {
    // Commander has printed its own message, or the help that was asked for.
    if (thrown instanceof CommanderError) return thrown.exitCode === 0 ? exitCodes.success : exitCodes.usage;
    const { code, message } = LangevinError.from(thrown);
    process.stderr.write(`langevin: ${message}\n`);
    if (args.includes('--json')) process.stdout.write(`${JSON.stringify({ ok: false, error: { code, message } })}\n`);
    return exitCodeOf(code);
  }
}
