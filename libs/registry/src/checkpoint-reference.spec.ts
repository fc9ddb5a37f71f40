import { temporaryFolder } from '@langevin/testing';
import { parseCheckpointReference, resolveCheckpoint } from './checkpoint-reference.js';
import { DirectoryStore } from './directory-store.js';
import { checkpointKey } from './layout.js';
import { publishSteps } from './testing/model-fixture.js';

const digest = 'd'.repeat(64);

describe('a reference to a checkpoint', () => {
  it.each([
    ['digits-ddpm', { by: 'run', run: 'digits-ddpm', step: 'latest' }],
    ['digits:0', { by: 'run', run: 'digits', step: 0 }],
    ['digits:4000', { by: 'run', run: 'digits', step: 4000 }],
    [`sha256:${digest}`, { by: 'digest', digest }],
  ])('is read: %s', (text, reference) => {
    expect(parseCheckpointReference(text)).toEqual(reference);
  });

  it.each(['', 'Digits', 'digits:', 'digits:-1', 'digits:last', 'digits:1:2', 'sha256:12', `sha256:${digest}0`, '/tmp/weights', 'digits@production'])('is refused: %j', (text) => {
    expect(() => parseCheckpointReference(text)).toThrow(
      expect.objectContaining({ code: 'invalid_argument', message: expect.stringMatching(/^checkpoint reference ".*"?: .*; write RUN, RUN:STEP or sha256:DIGEST$/) }),
    );
  });

  it('finds the newest of a run, the one of a step, or one by its digest', async () => {
    await using folder = await temporaryFolder();
    const store = await DirectoryStore.open(folder.path);
    const [first, second] = await publishSteps(store, 'digits', 10, 20);
    const found = async (text: string) => (await resolveCheckpoint(store, text)).digest;
    expect([await found('digits'), await found('digits:10'), await found(`sha256:${first}`)]).toEqual([second, first, first]);
    await store.put(checkpointKey('digits', 20), Buffer.from('{'));
    const warnings: string[] = [];
    expect((await resolveCheckpoint(store, 'digits', (text) => warnings.push(text))).digest).toBe(first);
    expect(warnings).toEqual([expect.stringContaining('checkpoint 20 of run "digits"')]);
  });
});
