import { createHash } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Steps × leaves of a run that is all right: two trainers, the second of which is killed in step 5 and recomputed by the first. */
export const syntheticRun = { seed: 3, samples: 50, virtualWorkers: 8, microBatch: 2, steps: 9, jobs: ['tiny'], undisturbedJob: 'tiny' };

const digest = (text) => createHash('sha256').update(text).digest('hex');
const incarnation = (n) => `${String(n).padStart(8, '0')}-0000-4000-8000-000000000000`;

/** Writes the folder that verify.mjs reads. `defect(books)` may change the ledgers before, as `{ file: facts }`. */
export function writeSyntheticRun(folder, defect = () => undefined) {
  const books = disturbedBooks();
  defect(books);
  writeFileSync(join(folder, 'run.json'), JSON.stringify(syntheticRun));
  writeBooks(join(folder, 'ledger'), books);
  writeBooks(join(folder, 'undisturbed'), undisturbedBooks());
  const strikes = [
    { type: 'fault', kind: 'sigkill', victim: 'trainer-2', atMs: 1000, aimed: 'computing', landed: 'computing' },
    { type: 'fault', kind: 'sigkill', victim: 'coordinator', atMs: 3000, aimed: 'computing', landed: 'committing' },
    { type: 'recovered', kind: 'sigkill', victim: 'coordinator', backMs: 1500 },
  ];
  writeFileSync(join(folder, 'strikes.jsonl'), strikes.map((strike) => `${JSON.stringify(strike)}\n`).join(''));
}

export const files = {
  coordinator: `coordinator-${incarnation(1)}.jsonl`,
  successor: `coordinator-${incarnation(2)}.jsonl`,
  first: `trainer-1-${incarnation(3)}.jsonl`,
  second: `trainer-2-${incarnation(4)}.jsonl`,
};

function writeBooks(folder, books) {
  mkdirSync(folder, { recursive: true });
  for (const [file, facts] of Object.entries(books)) writeFileSync(join(folder, file), facts.map((fact) => `${JSON.stringify(fact)}\n`).join(''));
}

const job = 'tiny';
const computed = (step, first, leaves, us, generation = 1) => ({ type: 'computed', job, step, generation, first, leaves, chain: digest(`chain ${step - 1}`), us });
const applied = (step, subtrees, us) => ({ type: 'applied', job, step, result: digest(`result ${step}`), chain: digest(`chain ${step}`), state: digest(`state ${step}`), subtrees, us });
const committed = (step, us) => ({ type: 'committed', job, step, chain: digest(`chain ${step}`), generation: 1, members: ['trainer-1', 'trainer-2'], us });
const part = (first, leaves, trainer) => ({ first, leaves, trainer });

function disturbedBooks() {
  const books = { [files.coordinator]: [], [files.successor]: [], [files.first]: [], [files.second]: [] };
  for (let step = 1; step <= syntheticRun.steps; step++) {
    const us = step * 1000;
    const isWhole = step < 5;
    const parts = isWhole ? [part(0, 4, 'trainer-1'), part(4, 4, 'trainer-2')] : [part(0, 4, 'trainer-1'), part(4, 4, 'trainer-1')];
    books[files.first].push(computed(step, 0, 4, us));
    if (isWhole) books[files.second].push(computed(step, 4, 4, us));
    else books[files.first].push(computed(step, 4, 4, us + 100, 2));
    if (step === 5) {
      books[files.coordinator].push({ type: 'lost', trainer: 'trainer-2', why: 'its connection was closed', detectedAtMs: 1040 });
      books[files.first].push({ type: 'recomputed', job, step, first: 4, leaves: 4 });
      books[files.coordinator].push({ type: 'resumed', job, step, generation: 2, atMs: 1090 });
    }
    // The first coordinator is killed right after it has noted step 7, before anybody was told.
    if (step <= 7) books[files.coordinator].push(committed(step, us + 200));
    if (step >= 7) books[files.successor].push(committed(step, us + 300));
    books[files.first].push(applied(step, parts, us + 400));
    if (isWhole) books[files.second].push(applied(step, parts, us + 410));
  }
  return books;
}

function undisturbedBooks() {
  const books = { 'coordinator-aaaaaaaa.jsonl': [], 'alone-bbbbbbbb.jsonl': [] };
  for (let step = 1; step <= syntheticRun.steps; step++) {
    books['alone-bbbbbbbb.jsonl'].push(computed(step, 0, 8, step * 1000));
    books['coordinator-aaaaaaaa.jsonl'].push(committed(step, step * 1000 + 1));
    books['alone-bbbbbbbb.jsonl'].push(applied(step, [part(0, 8, 'alone')], step * 1000 + 2));
  }
  return books;
}
