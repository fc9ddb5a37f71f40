// `npm run screenshots -w @langevin/dashboard -- OUT [NAME]`: pictures of every page in both themes, wide and narrow; of those whose name begins
// with NAME. `-- --readme`: the pictures of the README, into docs/images.
import { mkdirSync } from 'node:fs';
import { randomBytes, randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { Page } from 'playwright-core';
import { launchChromium } from './browser.js';
import { startDevServer } from './dev-server.js';

/** A page, and what to do there before its picture is taken. */
interface Shot {
  readonly name: string;
  readonly path: string;
  readonly prepare?: (page: Page) => Promise<void>;
}

const run = 'digits-ddpm';

const shots: readonly Shot[] = [
  { name: 'runs', path: '/runs' },
  { name: 'curves', path: `/runs/${run}` },
  { name: 'curves-zoom-log', path: `/runs/${run}?from=2000&to=3000&log=true&smooth=0` },
  { name: 'samples', path: `/runs/${run}/samples` },
  { name: 'samples-steps', path: `/runs/${run}/samples?view=steps` },
  { name: 'samples-compare', path: `/runs/${run}/samples?with=500` },
  { name: 'samples-cell', path: `/runs/${run}/samples?cell=%5B7%2C1%5D` },
  { name: 'checkpoints', path: `/runs/${run}/checkpoints`, prepare: async (page) => page.getByRole('button', { name: /^Actions for/ }).nth(1).click() },
  { name: 'spec', path: `/runs/${run}/spec` },
  { name: 'compare', path: '/compare?runs=%5B%22digits-ddpm%22%2C%22digits-wide%22%2C%22digits-cosine%22%2C%22digits-linear%22%5D&log=true' },
  { name: 'models', path: '/models' },
  { name: 'model', path: '/models/digits-ddpm' },
  { name: 'promote', path: '/models/digits-ddpm', prepare: async (page) => page.getByRole('button', { name: 'Promote version 3' }).click() },
  { name: 'nodes', path: '/nodes', prepare: async (page) => page.waitForTimeout(4000) },
  { name: 'nodes-drain', path: '/nodes', prepare: async (page) => page.getByRole('button', { name: 'Drain node-3' }).click() },
  { name: 'submit', path: '/submit' },
  {
    name: 'submit-wrong',
    path: '/submit',
    prepare: async (page) => {
      await page.getByLabel('Job, in YAML').fill('name: Digits!\ntraining: { steps: -1 }\n');
      await page.getByText('to mend').waitFor();
    },
  },
  {
    name: 'sample-now',
    path: `/runs/${run}?draw=run%3A${run}`,
    prepare: async (page) => {
      await page.getByRole('button', { name: 'Draw' }).click();
      await page.getByRole('link', { name: 'Download' }).waitFor();
    },
  },
  { name: 'palette', path: '/runs', prepare: async (page) => page.keyboard.press('Control+k') },
  { name: 'help', path: `/runs/${run}/samples`, prepare: async (page) => page.keyboard.press('?') },
  { name: 'not-found', path: '/runs/nothing' },
  // Nothing goes on after this one.
  { name: 'stalled', path: `/runs/${run}`, prepare: async (page) => hold(page) },
  { name: 'compare-missing', path: '/compare?runs=%5B%22digits-ddpm%22%2C%22nothing%22%5D' },
];

/** A step that takes long. */
async function hold(page: Page): Promise<void> {
  server.hold(Date.now() - 3200);
  await page.getByText('to compute').waitFor();
}

/** How a page is looked at. */
interface Variant {
  readonly name: string;
  readonly viewport: { readonly width: number; readonly height: number };
  readonly colorScheme: 'light' | 'dark';
  readonly deviceScaleFactor: number;
}

const themes = ['light', 'dark'] as const;
const variants: readonly Variant[] = [
  ...themes.map((colorScheme) => ({ name: colorScheme, viewport: { width: 1280, height: 900 }, colorScheme, deviceScaleFactor: 1.5 })),
  ...themes.map((colorScheme) => ({ name: `narrow-${colorScheme}`, viewport: { width: 380, height: 800 }, colorScheme, deviceScaleFactor: 1.5 })),
];

/** Small files: one pixel a point. */
const readmeVariants: readonly Variant[] = themes.map((colorScheme) => ({ name: colorScheme, viewport: { width: 1280, height: 850 }, colorScheme, deviceScaleFactor: 1 }));
const readmeShots: readonly Shot[] = [
  // With the events of the run, which come last.
  { name: 'dashboard-run', path: `/runs/${run}`, prepare: async (page) => page.getByText('is in the store').first().waitFor() },
  { name: 'dashboard-samples', path: `/runs/${run}/samples` },
];

const { values, positionals } = parseArgs({ options: { readme: { type: 'boolean', default: false } }, allowPositionals: true });
const [out = values.readme ? join(import.meta.dirname, '../../../../docs/images') : 'screenshots', filter = ''] = positionals;
mkdirSync(out, { recursive: true });
await using server = await startDevServer({
  size: { runs: 14, steps: 12_000, checkpoints: 48 },
  port: 0,
  dashboard: join(import.meta.dirname, '../app'),
  token: randomBytes(16).toString('hex'),
  epoch: randomUUID(),
  nowMs: Date.now(),
});
await using chromium = await launchChromium();
for (const { name: variant, ...options } of values.readme ? readmeVariants : variants) {
  const context = await chromium.browser.newContext(options);
  const page = await context.newPage();
  page.on('console', (message) => message.type() === 'error' && process.stderr.write(`${variant}: ${message.text()}\n`));
  page.on('pageerror', (error) => process.stderr.write(`${variant}: ${error.message}\n`));
  await page.goto(server.url);
  for (const { name, path, prepare } of (values.readme ? readmeShots : shots).filter((shot) => shot.name.startsWith(filter))) {
    await page.goto(new URL(path, server.url).href);
    await page.locator('[aria-busy="true"]').first().waitFor({ state: 'detached' });
    await page.evaluate(() => document.fonts.ready);
    if (path.includes('/samples')) await page.locator('canvas[data-picture]').first().waitFor();
    await prepare?.(page);
    await page.evaluate(() => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve))));
    await page.screenshot({ path: join(out, `${name}-${variant}.png`), fullPage: variant.startsWith('narrow') });
  }
  await context.close();
}
