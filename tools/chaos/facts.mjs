import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

/**
 * What the product writes with `--ledger FOLDER`, and the only place that knows its form. One JSON object a line.
 *
 * A trainer, in `<name>-<incarnation>.jsonl`:
 *   { type: 'computed', job, step, generation, first, leaves, chain, samples }   a subtree is finished, from these samples of each leaf
 *   { type: 'recomputed', job, step, first, leaves }                    it was another trainer's before
 *   { type: 'prepared', job, step, chain }                              PREPARE is about to be sent
 *   { type: 'applying', job, step, chain }                              the result is about to be applied: optional
 *   { type: 'applied', job, step, chain, state }                        `subtrees: [{ first, leaves, trainer }]` if it knows them
 *   { type: 'joined', job, step }                                       its state is now the one after `step`, taken from others
 * A coordinator, in a file of its own:
 *   { type: 'begun', job, step, generation, shares: [{ trainerId, subtrees: [{ first, leaves }] }], members }   again with each plan
 *   { type: 'committed', job, step, chain, members: [{ trainerId, name, incarnation }] }
 *   { type: 'lost', trainer, name, why, atMs }                          `trainer` is a name or an id; `detectedAtMs` instead of `atMs`
 *   { type: 'trouble', job, trainer, peer, problem, atMs }             the trainer cannot get data from the peer
 *   { type: 'resumed', job, step, generation, atMs }                    the first recomputed leaf runs: optional
 *   { type: 'reopened', job, step }                                     every trainer was lost: on from the checkpoint at `step`
 * Every line has `atMs`, `Date.now()`; it may carry `us` as well, microseconds of the machine's monotonic clock. What the product leaves out
 * (`subtrees`, `recomputed`, `resumed`) follows from the rest: complete-ledgers.mjs.
 */
const fields = {
  computed: { job: 'string', step: 'number', first: 'number', leaves: 'number' },
  recomputed: { step: 'number', first: 'number', leaves: 'number' },
  prepared: { job: 'string', step: 'number' },
  applying: { job: 'string', step: 'number', chain: 'string' },
  applied: { job: 'string', step: 'number', chain: 'string', state: 'string' },
  joined: { job: 'string', step: 'number' },
  committed: { job: 'string', step: 'number', chain: 'string' },
  lost: { trainer: 'string' },
  trouble: { trainer: 'string', peer: 'string', atMs: 'number' },
  begun: { job: 'string', step: 'number', generation: 'number' },
  resumed: { step: 'number', atMs: 'number' },
  reopened: { job: 'string', step: 'number' },
};

/**
 * One line of a ledger.
 * @throws Error that says what is wrong with it; a type that is not known is no error: `null`
 */
export function parseFact(line) {
  const fact = JSON.parse(line);
  const wanted = fields[fact?.type];
  if (!wanted) return null;
  for (const [name, type] of Object.entries(wanted)) {
    if (typeof fact[name] !== type) throw new Error(`a fact "${fact.type}" has ${name} ${JSON.stringify(fact[name])}, which is no ${type}: ${line}`);
  }
  return { ...fact, ...(fact.us === undefined && fact.atMs !== undefined && { us: fact.atMs * 1000 }), ...(fact.type === 'lost' && { trainer: fact.name ?? fact.trainer, detectedAtMs: fact.detectedAtMs ?? fact.atMs }) };
}

/** The facts of a text; a last line without its end was being written when the process died, and counts for nothing. */
export function parseFacts(text) {
  const lines = text.split('\n');
  lines.pop();
  return lines.filter((line) => line !== '').flatMap((line) => parseFact(line) ?? []);
}

/** `trainer-1` of `trainer-1-<uuid>.jsonl`; a file that is not named so belongs to whom its whole name says. */
export function ownerOf(file) {
  const name = file.replace(/\.jsonl$/, '');
  const parts = /^(?<name>.+?)-(?<incarnation>[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}|[0-9a-f]{6,})$/.exec(name)?.groups;
  return { name: parts?.name ?? name, incarnation: parts?.incarnation ?? '' };
}

/** Every ledger in a folder, as `{ file, name, incarnation, facts }`. */
export function readLedgers(folder) {
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .filter((file) => file.endsWith('.jsonl'))
    .sort()
    .map((file) => {
      try {
        return { file, ...ownerOf(file), facts: parseFacts(readFileSync(join(folder, file), 'utf8')) };
      } catch (cause) {
        throw new Error(`${join(folder, file)}: ${cause.message}`, { cause });
      }
    });
}
