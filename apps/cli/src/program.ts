import { Command, CommanderError } from 'commander';
import { LangevinError } from '@langevin/contracts';
import { registerCerts } from './commands/certs.js';
import { registerCheckpoint } from './commands/ckpt.js';
import { registerDataset } from './commands/dataset.js';
import { registerDemo } from './commands/demo.js';
import { registerDoctor } from './commands/doctor.js';
import { registerEval } from './commands/eval.js';
import { registerHealth } from './commands/health.js';
import { registerIndex } from './commands/index.js';
import { registerJob } from './commands/job.js';
import { registerModelCommands } from './commands/model.js';
import { registerSample } from './commands/sample.js';
import { registerStore } from './commands/store.js';
import { registerTrainer } from './commands/trainer.js';
import { registerUp } from './commands/up.js';
import { exitCodeOf, exitCodes } from './exit-code.js';
import { version } from './version.js';

const examples = `
Examples:
  $ langevin demo --quick                            from nothing to drawn digits
  $ langevin up --trainers 2                         a coordinator and two trainers
  $ langevin dataset import mnist-digits
  $ langevin job submit recipes/digits-ddpm.yaml --wait
  $ langevin sample --run digits-ddpm --label 7 --out sevens.png
  $ langevin doctor                                  what this machine computes with`;

/** The whole `langevin` command. */
function createProgram(): Command {
  const program = new Command('langevin')
    .description('Distributed training of diffusion models, with the same weights from any cluster.')
    .version(version)
    .addHelpText('after', examples)
    .configureOutput({ outputError: (text, write) => write(`langevin: ${usageProblem(text)} (--help shows what is possible)\n`) })
    .exitOverride();
  for (const register of [registerDemo, registerUp, registerTrainer, registerDoctor, registerDataset, registerJob, registerSample, registerEval, registerCheckpoint, registerModelCommands, registerIndex, registerStore, registerCerts, registerHealth]) register(program);
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
    if (thrown instanceof CommanderError && thrown.exitCode === 0) return exitCodes.success;
    // Commander has printed its own message, or the help that was asked for.
    const isUsage = thrown instanceof CommanderError;
    const { code, message } = isUsage ? new LangevinError('invalid_argument', usageProblem(thrown.message)) : LangevinError.from(thrown);
    if (!isUsage) process.stderr.write(`langevin: ${message}\n`);
    if (args.includes('--json')) process.stdout.write(`${JSON.stringify({ ok: false, error: { code, message } })}\n`);
    return exitCodeOf(code);
  }
}

/** Commander's message as one line, without its prefix. */
function usageProblem(text: string): string {
  return text.replace(/^error: /, '').trim().replaceAll('\n', ' ');
}
