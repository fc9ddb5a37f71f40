import { Argument, type Command } from 'commander';
import { shells, shellScripts, type Shell } from '../completion/shell-scripts.js';

const help = `
It completes commands, options, files, and the names of runs, models, versions and aliases.

Examples:
  $ source <(langevin completion bash)
  $ langevin completion zsh > "\${fpath[1]}/_langevin"
  $ langevin completion fish > ~/.config/fish/completions/langevin.fish`;

/** `langevin completion`: what a shell reads to complete command lines. */
export function registerCompletion(program: Command): void {
  program
    .command('completion')
    .description('print what a shell reads to complete langevin command lines')
    .addArgument(new Argument('<shell>', 'the shell').choices(shells))
    .addHelpText('after', help)
    .action((shell: Shell) => void process.stdout.write(shellScripts[shell]));
}
