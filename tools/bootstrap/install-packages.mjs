import { BootstrapError } from './bootstrap-error.mjs';
import { checkFolder, missingForNative } from './check-machine.mjs';
import { isInstalled, writeStamp } from './lockfile.mjs';
import { npmCommand } from './npm.mjs';
import { runQuietly } from './run-quietly.mjs';
import { stage } from './stage.mjs';

/** What a failed `npm ci` most likely means, from npm's own error code. */
function hint(output) {
  if (/ENOSPC/.test(output)) return 'the disk is full: free about 1.5 GB, then start again';
  if (/EACCES|EROFS/.test(output)) return 'a folder cannot be written (see above): mend its owner, then start again';
  if (/ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ETIMEDOUT|ECONNRESET/.test(output)) {
    return 'the npm registry cannot be reached: check the network, or name your proxy with: export HTTPS_PROXY=http://host:port';
  }
  return 'npm could not install the packages (see above); try again with: npm ci';
}

/** The errors of npm without the manual page that it prints after some of them. */
function errorsOf(output) {
  const lines = output.split('\n').filter((line) => /^npm (error|ERR!) \S/.test(line));
  return lines.slice(0, 12).join('\n') || output.trimEnd().split('\n').slice(-12).join('\n');
}

/**
 * Installs the packages of the lockfile if they are not there. Before anything is downloaded, it refuses a machine that cannot take them
 * and says what is missing for the fast tensor runtime.
 */
export async function installPackages(root) {
  if (isInstalled(root)) return;
  const npm = npmCommand();
  checkFolder(root);
  missingForNative().forEach((line) => process.stderr.write(`! Langevin will run on WebAssembly, slower: ${line}\n`));
  await stage('packages installed', async () => {
    process.stderr.write('  installing packages (npm ci)…\n');
    const { code, output } = await runQuietly(npm.command, [...npm.args, 'ci', '--no-audit', '--no-fund'], { cwd: root });
    if (code !== 0) {
      process.stderr.write(`${errorsOf(output)}\n`);
      throw new BootstrapError(hint(output));
    }
    writeStamp(root);
  });
}
