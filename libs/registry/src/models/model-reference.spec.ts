import { temporaryFolder } from '@langevin/testing';
import { DirectoryStore } from '../directory-store.js';
import { changesBy, modelWithVersions } from '../testing/model-fixture.js';
import { parseModelReference, resolveModel } from './model-reference.js';
import { promoteModel } from './move-alias.js';

const digest = 'c'.repeat(64);

describe('a reference to a model', () => {
  it.each([
    ['digits', { model: 'digits', by: 'alias', alias: 'latest' }],
    ['digits@latest', { model: 'digits', by: 'alias', alias: 'latest' }],
    ['digits@production', { model: 'digits', by: 'alias', alias: 'production' }],
    ['digits-2.0_b:12', { model: 'digits-2.0_b', by: 'version', version: 12 }],
    [`digits@sha256:${digest}`, { model: 'digits', by: 'checkpoint', checkpoint: digest }],
  ])('is read: %s', (text, reference) => {
    expect(parseModelReference(text)).toEqual(reference);
  });

  it.each([
    ['', '"" is no name of a model'],
    ['Digits', '"Digits" is no name of a model'],
    ['a/b', '"a/b" is no name of a model'],
    ['digits:', '"" is no version'],
    ['digits:0', '"0" is no version'],
    ['digits:v3', '"v3" is no version'],
    ['digits:production', '"production" is no version'],
    ['digits@', '"" is no name of an alias'],
    ['digits@v3', '"v3" is no alias; version 3 is digits:3'],
    ['digits@prod@x', '"prod@x" is no name of an alias'],
    ['digits@sha256:12', 'this one has 2 characters'],
    [`digits@sha256:${digest.toUpperCase()}`, 'in lower case'],
    ['digits\n', 'is no name of a model'],
  ])('is refused with what is wrong: %j', (text, problem) => {
    expect(() => parseModelReference(text)).toThrow(
      expect.objectContaining({ code: 'invalid_argument', message: expect.stringMatching(/^model reference ".*write NAME, NAME:VERSION, NAME@ALIAS or NAME@sha256:DIGEST$/) }),
    );
    expect(() => parseModelReference(text)).toThrow(problem);
  });

  it('finds a version by its number, its alias, its checkpoint, or as the newest', async () => {
    await using folder = await temporaryFolder();
    const store = await DirectoryStore.open(folder.path);
    const digests = await modelWithVersions(store, 'digits', 3);
    await promoteModel(store, { model: 'digits', alias: 'production', version: 2 }, changesBy('ann'));
    const found = async (text: string) => (await resolveModel(store, text)).version;
    expect([await found('digits'), await found('digits@latest'), await found('digits:1'), await found('digits@production'), await found(`digits@sha256:${digests[0]}`)]).toEqual([3, 3, 1, 2, 1]);
  });

  it('lists what there is when it finds nothing', async () => {
    await using folder = await temporaryFolder();
    const store = await DirectoryStore.open(folder.path);
    await expect(resolveModel(store, 'digits')).rejects.toMatchObject({ code: 'model_unknown', message: `there is no model "digits" in ${folder.path}; there is none yet: \`langevin model register\` makes one` });
    const digests = await modelWithVersions(store, 'digits', 2);
    await promoteModel(store, { model: 'digits', alias: 'candidate', version: 1 }, changesBy('ann'));
    await expect(resolveModel(store, 'digit')).rejects.toMatchObject({ code: 'model_unknown', message: expect.stringContaining('there is digits') });
    await expect(resolveModel(store, 'digits:7')).rejects.toMatchObject({ code: 'model_unknown', message: 'model "digits" has no version 7; it has 1, 2' });
    await expect(resolveModel(store, 'digits@production')).rejects.toMatchObject({ code: 'alias_unknown', message: expect.stringContaining('it has latest, candidate;') });
    await expect(resolveModel(store, `digits@sha256:${digest}`)).rejects.toMatchObject({ code: 'model_unknown', message: expect.stringContaining(`it has 1 (${digests[0]!.slice(0, 12)}…), 2 (`) });
  });
});
