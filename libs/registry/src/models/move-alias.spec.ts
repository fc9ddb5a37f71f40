import { temporaryFolder } from '@langevin/testing';
import { DirectoryStore } from '../directory-store.js';
import { changesBy, modelWithVersions } from '../testing/model-fixture.js';
import { listAliases, readAlias, readAliases, readAuditTrail } from './model-aliases.js';
import { promoteModel, rollbackModel } from './move-alias.js';

const production = { model: 'mnist', alias: 'production' };

describe('an alias', () => {
  it('points where it was promoted to, and keeps who moved it, why and from where', async () => {
    await using folder = await temporaryFolder();
    const store = await DirectoryStore.open(folder.path);
    await modelWithVersions(store, 'mnist', 3);
    const [ann, bob] = [changesBy('ann'), changesBy('bob')];
    expect(await promoteModel(store, { ...production, version: 1 }, ann)).toMatchObject({ moved: true, event: { action: 'promote', from: null, to: 1 } });
    expect(await promoteModel(store, { ...production, version: 3, ifCurrent: 1, reason: 'sharper' }, bob)).toMatchObject({ moved: true });
    await promoteModel(store, { model: 'mnist', alias: 'candidate', version: 2 }, ann);
    expect(await readAlias(store, 'mnist', 'production')).toBe(3);
    expect(await readAlias(store, 'mnist', 'latest')).toBe(3);
    expect((await readAliases(store, 'mnist')).map(({ alias, version }) => [alias, version])).toEqual([['candidate', 2], ['production', 3]]);
    expect((await readAuditTrail(store, 'mnist')).map(({ alias, actor, from, to, reason }) => [alias, actor, from, to, reason])).toEqual([
      ['production', 'ann', null, 1, undefined],
      ['production', 'bob', 1, 3, 'sharper'],
      ['candidate', 'ann', null, 2, undefined],
    ]);
  });

  it('does not move when it points there already', async () => {
    await using folder = await temporaryFolder();
    const store = await DirectoryStore.open(folder.path);
    await modelWithVersions(store, 'mnist', 1);
    await promoteModel(store, { ...production, version: 1 }, changesBy('ann'));
    expect(await promoteModel(store, { ...production, version: 1 }, changesBy('bob'))).toMatchObject({ moved: false, event: { actor: 'ann' } });
    expect(await readAuditTrail(store, 'mnist')).toHaveLength(1);
  });

  it('goes back promotion by promotion, each time as a new move', async () => {
    await using folder = await temporaryFolder();
    const store = await DirectoryStore.open(folder.path);
    await modelWithVersions(store, 'mnist', 4);
    const ann = changesBy('ann');
    for (const version of [1, 2, 3]) await promoteModel(store, { ...production, version }, ann);
    const back = async () => (await rollbackModel(store, { ...production, reason: 'blurred' }, ann)).event;
    expect(await back()).toMatchObject({ action: 'rollback', from: 3, to: 2, reason: 'blurred' });
    await promoteModel(store, { ...production, version: 4 }, ann);
    expect([await back(), await back()]).toMatchObject([{ from: 4, to: 2 }, { from: 2, to: 1 }]);
    await expect(back()).rejects.toMatchObject({
      code: 'alias_unknown',
      message: 'alias "production" of model "mnist" pointed nowhere before version 1; promote another version instead',
    });
    expect((await readAuditTrail(store, 'mnist')).map(({ to }) => to)).toEqual([1, 2, 3, 2, 4, 2, 1]);
  });

  it('tells the loser of a race who moved it where, and what to do', async () => {
    await using folder = await temporaryFolder();
    const store = await DirectoryStore.open(folder.path);
    await modelWithVersions(store, 'mnist', 3);
    await promoteModel(store, { ...production, version: 1 }, changesBy('ann'));
    await promoteModel(store, { ...production, version: 2, reason: 'better' }, changesBy('bob'));
    await expect(promoteModel(store, { ...production, version: 3, ifCurrent: 1 }, changesBy('eve'))).rejects.toMatchObject({
      code: 'alias_moved',
      message:
        'alias "production" of model "mnist" is not at version 1: bob moved it from 1 to 2 at 2026-01-01T00:00:00.000Z (better); ' +
        'look at `langevin model show mnist`, then repeat with --if-current 2 if you still want it',
    });
    await expect(promoteModel(store, { ...production, version: 3, ifCurrent: null }, changesBy('eve'))).rejects.toMatchObject({ code: 'alias_moved', message: expect.stringContaining('is not new') });
    await expect(promoteModel(store, { model: 'mnist', alias: 'fresh', version: 3, ifCurrent: 1 }, changesBy('eve'))).rejects.toMatchObject({ code: 'alias_moved', message: expect.stringContaining('there is no such alias yet') });
  });

  it('has one winner when 16 move it at the same time', async () => {
    await using folder = await temporaryFolder();
    const store = await DirectoryStore.open(folder.path);
    await modelWithVersions(store, 'mnist', 17);
    await promoteModel(store, { ...production, version: 1 }, changesBy('ann'));
    const racing = Array.from({ length: 16 }, (_, i) => promoteModel(store, { ...production, version: i + 2, ifCurrent: 1 }, changesBy(`racer${i + 2}`)));
    const results = await Promise.allSettled(racing);
    const won = results.findIndex(({ status }) => status === 'fulfilled');
    const lost = results.filter((result) => result.status === 'rejected');
    expect(lost).toHaveLength(15);
    for (const { reason } of lost) expect(reason).toMatchObject({ code: 'alias_moved', message: expect.stringContaining(`racer${won + 2} moved it from 1 to ${won + 2}`) });
    expect(await readAlias(store, 'mnist', 'production')).toBe(won + 2);
    expect(await readAuditTrail(store, 'mnist')).toHaveLength(2);
  });

  it('cannot be called what means something else', async () => {
    await using folder = await temporaryFolder();
    const store = await DirectoryStore.open(folder.path);
    await modelWithVersions(store, 'mnist', 1);
    for (const alias of ['latest', '3', 'v3', 'sha256', 'Production', '']) {
      await expect(promoteModel(store, { model: 'mnist', alias, version: 1 }, changesBy('ann'))).rejects.toMatchObject({ code: 'invalid_argument' });
    }
    expect(await listAliases(store, 'mnist')).toEqual([]);
  });

  it('points only to what there is', async () => {
    await using folder = await temporaryFolder();
    const store = await DirectoryStore.open(folder.path);
    await modelWithVersions(store, 'mnist', 2);
    const ann = changesBy('ann');
    await expect(promoteModel(store, { ...production, version: 3 }, ann)).rejects.toMatchObject({ code: 'model_unknown', message: 'model "mnist" has no version 3; it has 1, 2' });
    await expect(promoteModel(store, { ...production, model: 'mnits', version: 1 }, ann)).rejects.toMatchObject({ code: 'model_unknown', message: `there is no model "mnits" in ${folder.path}; there is mnist` });
    await expect(rollbackModel(store, production, ann)).rejects.toMatchObject({ code: 'alias_unknown', message: expect.stringMatching(/^model "mnist" has no alias "production"; it has latest; `langevin model promote mnist VERSION --alias production` makes it$/) });
    await expect(rollbackModel(store, { ...production, model: 'mnits' }, ann)).rejects.toMatchObject({ code: 'model_unknown' });
  });
});
