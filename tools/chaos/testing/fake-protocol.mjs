import { createHash, randomUUID } from 'node:crypto';
import { appendFileSync } from 'node:fs';
import { createInterface } from 'node:readline';

export const leaves = 8;

const digest = (...words) => createHash('sha256').update(words.join(' ')).digest('hex');
const memo = [digest('initial')];

export const resultOf = (step) => digest('result', step);

/** The state after so many steps: what every trainer must have. */
export function stateAfter(step) {
  while (memo.length <= step) memo.push(digest(memo.at(-1), resultOf(memo.length)));
  return memo[step];
}

export const chainAfter = (step) => digest('chain', step);

/** Writes facts, each before what it tells of. */
export function ledgerAt(folder, name) {
  const incarnation = randomUUID();
  return (fact) => appendFileSync(`${folder}/${name}-${incarnation}.jsonl`, `${JSON.stringify({ ...fact, us: Number(process.hrtime.bigint() / 1000n) })}\n`);
}

/** JSON lines on a socket, both ways. What cannot be read ends the connection. */
export function messages(socket, onMessage) {
  createInterface({ input: socket }).on('line', (line) => {
    try {
      onMessage(JSON.parse(line));
    } catch (error) {
      socket.destroy(error);
    }
  });
  return (message) => socket.writable && socket.write(`${JSON.stringify(message)}\n`);
}
