import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { plantedDefects } from './planted-defects.mjs';

const root = join(__dirname, '../..');
const changes = Object.values(plantedDefects as Record<string, { changes: readonly { file: string; from: string; to: string }[] }>).flatMap((defect) => defect.changes);

describe('planted defects', () => {
  it.each(changes)('find what they change in what is built, once: $file', ({ file, from, to }) => {
    expect(readFileSync(join(root, file), 'utf8').split(from)).toHaveLength(2);
    expect(to).not.toBe(from);
  });
});
