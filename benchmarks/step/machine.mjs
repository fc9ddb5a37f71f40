import { spawnSync } from 'node:child_process';
import { cpus } from 'node:os';

/** Where and with what the figures were measured. `dirty` figures belong to no commit: they prove nothing. */
export function machineFacts(root) {
  return { ...sources(root), cpu: cpus()[0]?.model.trim(), cores: cpus().length, node: process.version };
}

/** Without git nobody knows which sources these are. */
function sources(root) {
  const git = (...args) => spawnSync('git', args, { cwd: root, encoding: 'utf8' });
  const [commit, status] = [git('rev-parse', 'HEAD'), git('status', '--porcelain')];
  if (commit.status !== 0 || status.status !== 0) return { commit: null, dirty: true };
  return { commit: commit.stdout.trim(), dirty: status.stdout !== '' };
}

/** Seconds that all processors together have been busy since the system started. */
export function busySeconds() {
  return cpus().reduce((sum, { times }) => sum + times.user + times.nice + times.sys + times.irq, 0) / 1000;
}
