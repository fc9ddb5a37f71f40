import { closeSync, existsSync, fstatSync, mkdirSync, openSync, readSync, readdirSync, watch } from 'node:fs';
import { join } from 'node:path';
import { clearInterval, setInterval } from 'node:timers';
import { ownerOf, parseFact } from './facts.mjs';

/** The file system tells of each line; if it should not, they are found this often. */
const pollMs = 25;

/** Reads ledgers while they are written: `onFact(name, fact, file)` hears of each line once. */
export class LedgerTail {
  #folder;
  #onFact;
  #files = new Map();
  #watcher;
  #timer;

  constructor(folder, onFact) {
    this.#folder = folder;
    this.#onFact = onFact;
    mkdirSync(folder, { recursive: true });
    this.#watcher = watch(folder, (_event, file) => file && this.#read(file));
    this.#timer = setInterval(() => this.poll(), pollMs);
  }

  /** Reads what is there by now. */
  poll() {
    for (const file of readdirSync(this.#folder)) this.#read(file);
  }

  close() {
    clearInterval(this.#timer);
    this.#watcher.close();
    this.poll();
    for (const { fd } of this.#files.values()) closeSync(fd);
    this.#files.clear();
  }

  #read(file) {
    if (!file.endsWith('.jsonl')) return;
    const entry = this.#files.get(file) ?? this.#open(file);
    if (!entry) return;
    const size = fstatSync(entry.fd).size;
    if (size <= entry.at) return;
    const bytes = Buffer.alloc(size - entry.at);
    entry.at += readSync(entry.fd, bytes, 0, bytes.length, entry.at);
    const lines = (entry.rest + bytes.toString('utf8')).split('\n');
    entry.rest = lines.pop() ?? '';
    for (const line of lines) {
      const fact = line === '' ? null : parseFact(line);
      if (fact) this.#onFact(ownerOf(file).name, fact, file);
    }
  }

  #open(file) {
    const path = join(this.#folder, file);
    if (!existsSync(path)) return null;
    const entry = { fd: openSync(path, 'r'), at: 0, rest: '' };
    this.#files.set(file, entry);
    return entry;
  }
}
