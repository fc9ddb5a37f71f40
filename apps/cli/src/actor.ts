import { randomUUID } from 'node:crypto';
import { hostname, userInfo } from 'node:os';
import type { ChangeContext } from '@langevin/registry';

/** Who changes the registry: `actor`, or else the user of this machine, as `ann@workstation`. */
export function changeContext(actor = `${userName()}@${hostname()}`): ChangeContext {
  return { actor, now: Date.now, newId: randomUUID };
}

function userName(): string {
  try {
    return userInfo().username;
  } catch {
    // A user id without a name, as containers have them.
    return `uid-${process.getuid?.() ?? 'unknown'}`;
  }
}
