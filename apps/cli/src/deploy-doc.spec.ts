import { readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { minioBinary, networkNamespace, startProcess, temporaryFolder, type StartedProcess } from '@langevin/testing';
import { langevinOnPath, printedCommands } from './testing/printed-commands.js';
import { tinyJobYaml } from './testing/tiny-job.js';

jest.setTimeout(240_000);

/** The commands use fixed ports: a network of their own has them free, and needs root on Linux. */
const whenRoot = process.platform === 'linux' && process.getuid?.() === 0 ? it : it.skip;

describe('docs/deploy.md', () => {
  whenRoot('has three commands that start a store, a coordinator and a trainer, and others that use them, as printed', async () => {
    const [everywhere = '', store = '', coordinator = '', trainer = '', rest = ''] = printedCommands('docs/deploy.md', 'A store, a coordinator and a trainer, in three commands');
    await using folder = await temporaryFolder();
    const bin = langevinOnPath(folder.path);
    symlinkSync(minioBinary(), join(bin, 'minio'));
    writeFileSync(join(folder.path, 'job.yaml'), tinyJobYaml());

    await using network = await networkNamespace();
    const [enter, ...how] = network.command;
    const env = { PATH: `${bin}:${process.env['PATH']}`, HOME: folder.path, LANGEVIN_CACHE: process.env['LANGEVIN_CACHE'] ?? join(process.env['HOME'] ?? '', '.cache/langevin') };
    const terminal = (commands: string): Promise<StartedProcess> => startProcess(enter, [...how, 'sh', '-e', '-c', `${everywhere}\n${commands}`], { cwd: folder.path, env });

    await using minio = await terminal(store);
    await minio.waitForLine(/^API: http:\/\/127\.0\.0\.1:9000/, 60_000);
    await using up = await terminal(coordinator);
    await up.waitForLine(/^coordinator on 127\.0\.0\.1:7433 with 0 trainer/, 60_000);
    await using joined = await terminal(trainer);
    await joined.waitForLine(/^attached to 127\.0\.0\.1:7433 as t1$/, 60_000);

    await using used = await terminal(rest);
    expect({ exit: await used.exited, stderr: used.stderr() }).toMatchObject({ exit: { code: 0 } });
    expect(used.stdout()).toMatch(/tiny: succeeded, trained to step 6/);
    // The two checkpoints, from the store.
    expect(used.stdout()).toMatch(/tiny.*\b3\b[^]*tiny.*\b6\b/);
    expect(readFileSync(join(folder.path, 'minio/langevin/v1/runs/tiny/run.json/xl.meta')).byteLength).toBeGreaterThan(0);
  });
});
