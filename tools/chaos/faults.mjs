/**
 * The kinds of fault, and on what each is inflicted. `victims`: `process` of a trainer, `coordinator`, or a `link`. Of a link `planes`
 * says which: `control` is the trainer's connection to the coordinator, `data` those at which others fetch from it.
 */
export const faultKinds = {
  sigkill: { victims: ['process', 'coordinator'] },
  sigstop: { victims: ['process', 'coordinator'] },
  sigterm: { victims: ['process'] },
  reset: { victims: ['link'], planes: ['control', 'data', 'both'] },
  'half-open': { victims: ['link'], planes: ['control', 'data'] },
  silent: { victims: ['link'], planes: ['control', 'data', 'both'] },
  // Below TLS anywhere. Above it, which is to say without, where a checksum of Langevin's own is the only guard: control messages have none.
  corrupt: { victims: ['link'], planes: ['control', 'data'], planesWithoutTls: ['data'] },
  slow: { victims: ['link'], planes: ['control', 'data'] },
  delay: { victims: ['link'], planes: ['control', 'data', 'both'] },
  stall: { victims: ['link'], planes: ['control', 'data', 'both'] },
  duplicate: { victims: ['link'], planes: ['control', 'data'] },
  stale: { victims: ['link'], planes: ['control', 'data'] },
};

/** The phases of a step that can be told apart from outside, in order. */
export const phases = ['computing', 'exchanging', 'agreeing', 'prepared', 'committing', 'checkpointing', 'joining'];

/** What a relay is told for a fault of a link. */
export function linkFault(kind, random) {
  switch (kind) {
    case 'half-open':
      return { kind, closed: random.pick(['client', 'server']) };
    case 'slow':
      return { kind, bytesPerSecond: random.pick([20_000, 100_000]) };
    case 'delay':
      return { kind, ms: 20 };
    case 'stall':
      return { kind, ms: random.pick([500, 1500, 4000]) };
    default:
      return { kind };
  }
}

/** How long a fault lasts that does not end by itself. A time that is longer than any deadline, so that it must be noticed. */
export const lastsMs = { sigstop: 5000, silent: 5000, slow: 3000, delay: 3000 };
