import { Command, CommanderError } from 'commander';
import { LangevinError } from '@langevin/contracts';
import { asTyped } from './as-typed.js';
import type { CommandName } from './command-names.js';
import { exitCodeOf, exitCodes } from './exit-code.js';
import { version } from './version.js';

const examples = `
Examples:
  $ langevin demo --quick                            from nothing to drawn digits
  $ langevin up --trainers 2                         a coordinator and two trainers
  $ langevin dataset import mnist-digits
  $ langevin job submit recipes/digits-ddpm.yaml --wait
  $ langevin sample --run digits-ddpm --label 7 --out sevens.png
  $ langevin doctor                                  what this machine computes with

Exit codes: ${Object.entries(exitCodes).map(([name, code]) => `${code} ${name.replace('notFound', 'not found')}`).join(', ')}. docs/cli.md says more.`;

type Register = (program: Command) => void;

/** Every command, in the order of the help. A command line loads what its own command needs: gRPC and TensorFlow.js take a while. */
const commands = new Map<string, () => Promise<Register>>(
  Object.entries({
    demo: async () => (await import('./commands/demo.js')).registerDemo,
    up: async () => (await import('./commands/up.js')).registerUp,
    trainer: async () => (await import('./commands/trainer.js')).registerTrainer,
    doctor: async () => (await import('./commands/doctor.js')).registerDoctor,
    dataset: async () => (await import('./commands/dataset.js')).registerDataset,
    job: async () => (await import('./commands/job.js')).registerJob,
    run: async () => (await import('./commands/run.js')).registerRun,
    node: async () => (await import('./commands/node.js')).registerNode,
    sample: async () => (await import('./commands/sample.js')).registerSample,
    compress: async () => (await import('./commands/compress.js')).registerCompress,
    decompress: async () => (await import('./commands/decompress.js')).registerDecompress,
    eval: async () => (await import('./commands/eval/index.js')).registerEval,
    ckpt: async () => (await import('./commands/ckpt.js')).registerCheckpoint,
    model: async () => (await import('./commands/model.js')).registerModelCommands,
    index: async () => (await import('./commands/index.js')).registerIndex,
    store: async () => (await import('./commands/store.js')).registerStore,
    certs: async () => (await import('./commands/certs.js')).registerCerts,
    health: async () => (await import('./commands/health.js')).registerHealth,
    completion: async () => (await import('./commands/completion.js')).registerCompletion,
  } satisfies Record<CommandName, () => Promise<Register>>),
);

/** The `langevin` command, with the one command that `args` begin with; with all of them where none is named. */
export async function createProgram(args: readonly string[]): Promise<Command> {
  const program = new Command('langevin')
    .description('Distributed training of diffusion models, with the same weights from any cluster.')
    .version(version)
    .addHelpText('after', examples)
    .configureOutput({
      writeOut: (text) => void process.stdout.write(asTyped(text)),
      outputError: (text, write) => write(`langevin: ${usageProblem(text)} (--help shows what is possible)\n`),
    })
    .exitOverride();
  const named = commands.get(args[0] ?? '');
  for (const load of named ? [named] : commands.values()) (await load())(program);
  return program;
}

/**
 * Runs one command line and returns the exit code. An error is one line on standard error; under --json also
 * `{"ok":false,"error":{code,message}}` on standard output.
 */
export async function runCli(args: readonly string[]): Promise<number> {
  try {
    await (await createProgram(args)).parseAsync(args, { from: 'user' });
    return Number(process.exitCode ?? exitCodes.success);
  } catch (thrown) {
    if (thrown instanceof CommanderError && thrown.exitCode === 0) return exitCodes.success;
    // Commander has printed its own message, or the help that was asked for.
    const isUsage = thrown instanceof CommanderError;
    const { code, message } = isUsage ? new LangevinError('invalid_argument', usageProblem(thrown.message)) : LangevinError.from(thrown);
    if (!isUsage) process.stderr.write(`langevin: ${asTyped(message)}\n`);
    if (args.includes('--json')) process.stdout.write(`${JSON.stringify({ ok: false, error: { code, message } })}\n`);
    return exitCodeOf(code);
  }
}

/** Commander's message as one line, without its prefix. */
function usageProblem(text: string): string {
  return text.replace(/^error: /, '').trim().replaceAll('\n', ' ');
}
