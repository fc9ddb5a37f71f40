import { temporaryFolder } from '@langevin/testing';
import { killPublishers, type KillReport } from './testing/kill-publishers.js';

const kills = 2;

describe('a publisher that is killed', () => {
  it(`${kills} times at each write of its protocol leaves all of a publication or nothing, and it can be repeated`, async () => {
    await using folder = await temporaryFolder();
    const reports: KillReport[] = [];
    for await (const report of killPublishers(folder.path, kills)) reports.push(report);
    const outcomes = (publication: string) => reports.filter((report) => report.publication === publication).map(({ moment, committed }) => `${moment} ${committed}`);
    // Three files, the manifest, and the key of the step, whose creation alone is the commit.
    expect(outcomes('checkpoint')).toEqual([...Array.from({ length: 4 }, () => ['during 0', 'after 0']).flat(), 'during 0', `after ${kills}`]);
    // The document, and its key.
    for (const publication of ['version', 'alias']) expect(outcomes(publication)).toEqual(['during 0', 'after 0', 'during 0', `after ${kills}`]);
  }, 240_000);
});
