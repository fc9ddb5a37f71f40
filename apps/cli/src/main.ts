/** The `langevin` command. */
const [command = '', ...rest] = process.argv.slice(2);

// What a shell asks while somebody waits for Tab loads nothing that it does not need; nobody types it.
if (command === 'complete') {
  const { answerShell } = await import('./completion/answer-shell.js');
  process.stdout.write(await answerShell(rest[0] === '--' ? rest.slice(1) : rest));
} else {
  const { enterNativeEnvironment } = await import('./native-environment.js');
  const exitCode = await enterNativeEnvironment(command);
  process.exitCode = exitCode ?? (await (await import('./program.js')).runCli(process.argv.slice(2)));
}
