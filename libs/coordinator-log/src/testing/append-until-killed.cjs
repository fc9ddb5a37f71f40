// Appends records {n} to the log in a folder, one more each time, until it is killed. Says `acknowledged n` for each that it was told is there.
// Records go by every way there is; now and then the log is compacted to {upTo: n}.
const { writeSync } = require('node:fs');
const { CoordinatorLog } = require('../coordinator-log.ts');

const [folder, seed] = process.argv.slice(2);
const { log, records } = CoordinatorLog.open(folder, { warn: (line) => writeSync(1, `warning ${line}\n`), groupMs: 2 });
const last = records.at(-1);
let n = last === undefined ? 0 : (last.n ?? last.upTo);
const acknowledge = (k) => writeSync(1, `acknowledged ${k}\n`);

async function append(k) {
  const record = { n: k, text: 'x'.repeat((k * 7919) % 3000) };
  if (k % 4 === 0) log.appendNow(record);
  else if (k % 4 === 1) await log.appendSynced(record);
  else log.append(record);
  acknowledge(k);
}

(async () => {
  writeSync(1, `appending from ${n + 1}\n`);
  for (;;) {
    await append(++n);
    if ((n + Number(seed)) % 11 === 0) {
      log.compact({ upTo: n });
      writeSync(1, 'compacted\n');
    }
    if (n % 16 === 0) await new Promise((resolve) => setImmediate(resolve));
  }
})();
