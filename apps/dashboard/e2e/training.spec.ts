import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { startProcess, temporaryFolder } from '@langevin/testing';
import type { Page } from 'playwright-core';
import { launchChromium } from '../dev/browser.js';
import { settled } from './open-dashboard.js';

jest.setTimeout(600_000);

const command = join(__dirname, '../../cli/bin/langevin.js');
const patientMs = 240_000;

/** The smallest network that takes ten labels; many short steps, so that the page has something to follow. */
const job = `name: tiny
dataset: { name: mnist-digits }
model:
  sample_size: 28
  block_out_channels: [8]
  down_block_types: [DownBlock2D]
  up_block_types: [UpBlock2D]
  norm_num_groups: 4
  num_class_embeds: 11
training: { steps: 60, virtualWorkers: 2, microBatch: 2, labelDropout: 0.1 }
checkpoints: { everySteps: 20 }
`;

async function langevin(...args: string[]): Promise<void> {
  await using child = await startProcess(process.execPath, [command, ...args]);
  const { code } = await child.exited;
  if (code !== 0) throw new Error(`langevin ${args.join(' ')} ended with code ${code}: ${child.stderr()}`);
}

const stepOf = async (page: Page) => Number((await page.locator('dl dd').first().innerText()).split(' ')[0]);

describe('a real training run', () => {
  it('is started in the browser, followed, registered, promoted and drawn from', async () => {
    await using folder = await temporaryFolder();
    await langevin('dataset', 'import', 'mnist-digits', '--data-dir', folder.path);
    await using up = await startProcess(process.execPath, [command, 'up', '--port', '0', '--trainers', '1', '--data-dir', folder.path]);
    const [, address = ''] = await up.waitForLine(/dashboard:\s+(\S+\?token=)/, patientMs);
    const url = `${address}${readFileSync(join(folder.path, 'token'), 'utf8').trim()}`;
    await using chromium = await launchChromium();
    const page = await chromium.browser.newPage();
    page.setDefaultTimeout(patientMs);
    const complaints: string[] = [];
    page.on('pageerror', (error) => complaints.push(error.message));
    page.on('console', (message) => message.type() === 'error' && complaints.push(message.text()));
    await page.goto(url);
    await page.getByText('No runs yet').waitFor();

    await page.getByRole('link', { name: 'New job' }).first().click();
    await page.getByLabel('Job, in YAML').fill(job);
    await page.getByText('Ready to train').waitFor();
    await page.getByRole('button', { name: 'Start training' }).click();
    await page.getByRole('heading', { level: 1, name: 'tiny' }).waitFor();
    await page.getByRole('img', { name: /^Loss, steps/ }).waitFor();
    await page.reload();
    await page.getByRole('main').getByText('succeeded', { exact: true }).waitFor();
    await settled(page);
    expect(await stepOf(page)).toBe(60);
    await page.getByRole('img', { name: /^Loss, steps 1 to 60/ }).waitFor();

    await page.getByRole('link', { name: 'Samples' }).click();
    const slider = page.getByRole('slider', { name: 'Checkpoint' });
    await page.locator('canvas[data-picture$="/samples/60.png"]').waitFor();
    await slider.press('Home');
    await page.locator('canvas[data-picture$="/samples/20.png"]').waitFor();

    await page.getByRole('link', { name: 'Checkpoints' }).click();
    await page.getByRole('button', { name: 'Verify step 60' }).click();
    await page.getByText('undamaged').waitFor();
    await page.getByRole('button', { name: 'Actions for step 60' }).click();
    await page.getByRole('menuitem', { name: 'Register as model' }).click();
    await page.getByRole('button', { name: 'Register' }).click();
    await page.getByRole('button', { name: 'Promote version 1' }).click();
    await page.getByRole('button', { name: 'Promote', exact: true }).click();
    await page.getByText('npx langevin model pull tiny@production').waitFor();

    await page.getByRole('button', { name: 'Sample now' }).click();
    await page.getByLabel('Labels').fill('7');
    await page.getByLabel('Images each').fill('2');
    await page.getByRole('button', { name: 'Draw' }).click();
    const drawn = page.getByRole('img', { name: 'The samples that were drawn' });
    await drawn.waitFor();
    await page.waitForFunction(() => (document.querySelector('img[alt="The samples that were drawn"]') as HTMLImageElement).naturalWidth >= 28); // an img element by its selector
    expect(complaints).toEqual([]);
  });
});
