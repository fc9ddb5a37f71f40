import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { playTranscript } from './testing/transcript.js';

const folder = join(__dirname, '..', 'scenarios');
const names = readdirSync(folder).filter((name) => name.endsWith('.txt'));
const shouldRewrite = process.env['UPDATE_SCENARIOS'] === '1' && !process.env['CI'];

describe('transcripts', () => {
  it.each(names)('%s holds', (name) => {
    const path = join(folder, name);
    const written = readFileSync(path, 'utf8');
    const played = playTranscript(written);
    if (shouldRewrite) writeFileSync(path, played);
    else expect(played).toBe(written);
  });

  it('are all there', () => {
    expect(names.length).toBeGreaterThanOrEqual(40);
  });

  it('fail when a line is wrong', () => {
    const wrong = 'attach t1 a\n----\ntrainer "b" (t1) attached\n';
    expect(playTranscript(wrong)).toBe('attach t1 a\n----\ntrainer "a" (t1) attached\n');
  });
});
