import { lastsMs } from './faults.mjs';

/** A fault that needs traffic to take effect has this long for it. */
const armedMs = 3000;

/**
 * Inflicts one fault. Resolves when it is over: a stopped process goes on, a link passes again.
 * @returns {Promise<{ effects: number }>} how often it took effect: 0 says that nothing came by
 */
export async function strike(cluster, { kind, victim, plane, link }, signal) {
  if (plane === undefined) {
    const isSent = cluster.signal(victim, kind.toUpperCase());
    if (kind !== 'sigstop') return { effects: Number(isSent) };
    await pause(lastsMs.sigstop, signal);
    cluster.signal(victim, 'SIGCONT');
    return { effects: Number(isSent) };
  }
  const relays = cluster.relays(victim, plane);
  const effects = () => relays.reduce((sum, { counts }) => sum + (counts.effects[kind] ?? 0), 0);
  const before = effects();
  for (const relay of relays) relay.set(link);
  if (kind === 'stall') await pause(link.ms, signal);
  else if (lastsMs[kind] !== undefined) await pause(lastsMs[kind], signal);
  else for (let waitedMs = 0; waitedMs < armedMs && effects() === before; waitedMs += 20) await pause(20, signal);
  for (const relay of relays) relay.set({ kind: 'pass' });
  return { effects: effects() - before };
}

function pause(ms, signal) {
  return new Promise((resolve) => {
    const timer = setTimeout(done, ms);
    function done() {
      clearTimeout(timer);
      signal?.removeEventListener('abort', done);
      resolve();
    }
    signal?.addEventListener('abort', done, { once: true });
  });
}
