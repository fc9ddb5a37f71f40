import type { Page } from 'playwright-core';
import type { OwnBrowser } from '../dev/browser.js';
import type { DevServer } from '../dev/dev-server.js';
import { openPage, serveStore, settled, startBrowser } from './open-dashboard.js';

jest.setTimeout(90_000);

let server: DevServer;
let browser: OwnBrowser;

beforeAll(async () => {
  server = await serveStore();
  browser = await startBrowser();
});

afterAll(async () => {
  await browser[Symbol.asyncDispose]();
  await server[Symbol.asyncDispose]();
});

/** The figure under a heading of the run's line of facts. */
const fact = (page: Page, name: string) => page.locator('dl div', { has: page.locator('dt', { hasText: new RegExp(`^${name}$`) }) }).locator('dd');
const live = (page: Page) => page.getByRole('status').filter({ hasText: 'Live' }).waitFor();
const addressHas = (page: Page, text: string) => page.waitForFunction((part) => decodeURIComponent(location.search).includes(part), text);

describe('runs', () => {
  it('filters, sorts and opens by keyboard alone, and the address holds it', async () => {
    await using own = await openPage(browser, server);
    const { page } = own;
    await own.go('/runs');
    await page.keyboard.press('f');
    await page.keyboard.type('ddpm');
    await addressHas(page, 'q=ddpm');
    await page.getByRole('button', { name: 'Loss' }).press('Enter');
    await addressHas(page, 'sort=loss');
    await page.reload();
    await settled(page);
    expect(await page.getByRole('rowheader').allInnerTexts()).toEqual(expect.arrayContaining(['digits-ddpm', 'digits-ddpm-2']));
    expect(await page.getByRole('rowheader').count()).toBe(2);
    await page.locator('body').press('j');
    await page.waitForFunction(() => document.activeElement?.getAttribute('data-row') === '0');
    await page.keyboard.press('j');
    await page.waitForFunction(() => document.activeElement?.getAttribute('data-row') === '1');
    const name = await page.evaluate(() => document.activeElement?.textContent);
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { level: 1, name: name ?? '' }).waitFor();
    expect(own.complaints).toEqual([]);
  });

  it('compares the runs that are ticked', async () => {
    await using own = await openPage(browser, server);
    await own.go('/runs');
    await own.page.getByLabel('Compare digits-ddpm', { exact: true }).check();
    await own.page.getByLabel('Compare digits-cosine', { exact: true }).check();
    await own.page.getByRole('link', { name: 'Compare 2' }).click();
    await own.page.getByRole('img', { name: /^Loss of 2 runs/ }).waitFor();
  });

  it('goes anywhere from the palette', async () => {
    await using own = await openPage(browser, server);
    await own.go('/nodes');
    await own.page.keyboard.press('Control+k');
    await own.page.keyboard.type('cosine');
    await own.page.getByRole('option', { name: /^digits-cosine/, selected: true }).waitFor();
    await own.page.keyboard.press('Enter');
    await own.page.getByRole('heading', { level: 1, name: 'digits-cosine' }).waitFor();
  });
});

describe('trainers', () => {
  it('are drained when somebody has confirmed it', async () => {
    await using own = await openPage(browser, server);
    await own.go('/nodes');
    const row = own.page.getByRole('listitem').filter({ hasText: 'node-2' });
    await row.getByText('computing', { exact: true }).waitFor();
    await row.getByRole('button', { name: 'Drain node-2' }).click();
    await own.page.getByRole('button', { name: 'Keep it' }).click();
    await row.getByText('computing', { exact: true }).waitFor();
    await row.getByRole('button', { name: 'Drain node-2' }).click();
    await own.page.getByRole('dialog', { name: 'Drain node-2?' }).getByText('Nothing is lost').waitFor();
    await own.page.getByRole('button', { name: 'Drain the trainer' }).click();
    await row.getByText('draining', { exact: true }).waitFor();
    expect(await row.getByRole('button').count()).toBe(0);
    expect(own.complaints).toEqual([]);
  });

  it('that hold a run up are named on its page, until its step is committed', async () => {
    await using own = await openPage(browser, server);
    await own.go('/runs/digits-ddpm');
    await live(own.page);
    server.hold(Date.now() - 3000);
    const note = own.page.getByText(/^Step \d+ waits \d\.\d s for node-3 \(1 of 2 leaves to compute\) · usually 352 ms$/);
    await note.waitFor();
    server.tick();
    await note.waitFor({ state: 'detached' });
    expect(own.complaints).toEqual([]);
  });
});

describe('curves', () => {
  it('follow each committed step', async () => {
    await using own = await openPage(browser, server);
    await own.go('/runs/digits-ddpm');
    await live(own.page);
    const before = await fact(own.page, 'Step').innerText();
    const summary = own.page.getByRole('img', { name: /^Loss, steps/ });
    const drawn = await summary.getAttribute('aria-label');
    server.tick();
    await own.page.waitForFunction((old) => document.querySelector('[role="img"][aria-label^="Loss, steps"]')?.getAttribute('aria-label') !== old, drawn);
    expect(await fact(own.page, 'Step').innerText()).not.toBe(before);
  });

  it('mark what happened, though it is told after the curves', async () => {
    await using own = await openPage(browser, server);
    await own.page.route('**/runs/*/events*', async (route) => {
      // The curves are drawn by then.
      await own.page.locator('main canvas').first().waitFor();
      await own.page.evaluate(() => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve))));
      await route.continue();
    });
    await own.go('/runs/digits-ddpm');
    await own.page.getByText('is in the store').first().waitFor();
    await settled(own.page);
    const marked = () =>
      own.page.locator('main canvas').first().evaluate((canvas: HTMLCanvasElement) => {
        const { data } = canvas.getContext('2d')!.getImageData(0, 0, canvas.width, canvas.height); // uPlot draws in two dimensions.
        let green = 0;
        for (let i = 0; i < data.length; i += 4) if (data[i + 1]! > data[i]! + 60 && data[i + 1]! > data[i + 2]! + 20 && data[i + 3]! > 200) green += 1; // Four bytes a pixel.
        return green;
      });
    expect(await marked()).toBeGreaterThan(20);
  });

  it('zoom by dragging and by buttons; the address holds the stretch, and the table shows it', async () => {
    await using own = await openPage(browser, server);
    const { page } = own;
    await own.go('/runs/digits-ddpm');
    const box = await page.locator('.u-over').first().boundingBox();
    if (!box) throw new Error('the loss has no chart');
    await page.mouse.move(box.x + box.width * 0.25, box.y + 40);
    await page.mouse.down();
    await page.mouse.move(box.x + box.width * 0.5, box.y + 40, { steps: 4 });
    await page.mouse.up();
    await addressHas(page, 'from=');
    await page.getByRole('button', { name: 'View Loss as table' }).click();
    const steps = (await page.getByRole('region', { name: 'Loss as a table' }).getByRole('rowheader').allInnerTexts()).map(Number);
    expect(steps.length).toBeGreaterThan(10);
    expect(Math.min(...steps)).toBeGreaterThan(60);
    expect(Math.max(...steps)).toBeLessThan(240);
    await page.getByRole('button', { name: 'Show everything' }).click();
    await page.waitForFunction(() => !location.search.includes('from='));
  });
});

describe('samples', () => {
  it('has one slider for every checkpoint, by keyboard too, and follows the newest', async () => {
    await using own = await openPage(browser, server);
    const { page } = own;
    await own.go('/runs/digits-ddpm/samples');
    await live(page);
    const slider = page.getByRole('slider', { name: 'Checkpoint' });
    const newest = Number(await slider.getAttribute('max'));
    await slider.press('Home');
    expect(await slider.getAttribute('aria-valuetext')).toBe('step 50');
    await page.locator('canvas[data-picture$="/samples/50.png"]').waitFor();
    await addressHas(page, 'step=50');
    await page.keyboard.press(']');
    await page.locator('canvas[data-picture$="/samples/100.png"]').waitFor();
    await addressHas(page, 'step=100');
    await page.reload();
    await page.locator('canvas[data-picture$="/samples/100.png"]').waitFor();
    await slider.press('End');
    await page.waitForFunction(() => !location.search.includes('step='));
    await live(page);
    const drawing = page.getByRole('progressbar', { name: /^Samples of step/ });
    for (let ticks = 0; (await drawing.count()) === 0; ticks += 1) {
      if (ticks > 100) throw new Error('no samples are drawn');
      server.tick();
      await page.evaluate(() => new Promise((resolve) => requestAnimationFrame(resolve)));
    }
    for (let ticks = 0; ticks < 8; ticks += 1) server.tick();
    await page.waitForFunction((max) => Number(document.querySelector('input[aria-label="Checkpoint"]')?.getAttribute('max')) > max, newest);
    expect(await slider.inputValue()).toBe(await slider.getAttribute('max'));
  });

  it('compares with a pinned step and enlarges an image', async () => {
    await using own = await openPage(browser, server);
    const { page } = own;
    await own.go('/runs/digits-ddpm/samples?step=50');
    await page.getByRole('button', { name: 'Pin to compare' }).click();
    await addressHas(page, 'with=50');
    await page.getByRole('slider', { name: 'Checkpoint' }).press('End');
    await page.locator('canvas[data-picture$="/samples/50.png"]').waitFor();
    await page.getByRole('button', { name: 'Enlarge 7, noise 2' }).first().click();
    await page.getByRole('dialog', { name: 'Label 7, noise 2' }).waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
  });
});

describe('checkpoints and models', () => {
  it('verifies, registers and promotes; a second tab sees it', async () => {
    await using own = await openPage(browser, server);
    await using other = await openPage(browser, server);
    const { page } = own;
    await other.go('/models');
    await live(other.page);
    await own.go('/runs/fashion/checkpoints');
    await page.getByRole('button', { name: 'Verify step 600' }).click();
    await page.getByText('undamaged').waitFor();
    await page.getByRole('button', { name: 'Actions for step 550' }).click();
    await page.getByRole('menuitem', { name: 'Register as model' }).click();
    await page.getByLabel('Model').fill('garments');
    await page.getByRole('button', { name: 'Register' }).click();
    await page.getByRole('heading', { level: 1, name: 'garments' }).waitFor();
    await other.page.getByRole('link', { name: 'garments' }).first().waitFor();
    await page.getByRole('button', { name: 'Promote version 1' }).click();
    await page.getByText('is a new alias. It points at version 1.').waitFor();
    await page.getByRole('button', { name: 'Promote', exact: true }).click();
    await page.getByText('npx langevin model pull garments@production').waitFor();
    await other.page.getByRole('row', { name: /garments.*production → 1/ }).waitFor();
    expect([...own.complaints, ...other.complaints]).toEqual([]);
  });

  it('says when somebody else moved the alias meanwhile', async () => {
    await using own = await openPage(browser, server);
    const { page } = own;
    await own.go('/models/digits-ddpm');
    await page.getByRole('button', { name: 'Promote version 3' }).click();
    await page.route('**/aliases/production', (route) =>
      route.continue({ postData: JSON.stringify({ version: 3, ifCurrent: 1 }) }),
    );
    await page.getByRole('button', { name: 'Promote', exact: true }).click();
    await page.getByRole('alert').filter({ hasText: 'points at 2 now' }).waitFor();
  });
});

describe('sample now', () => {
  it('draws, with progress, and says why it failed', async () => {
    await using own = await openPage(browser, server);
    const { page } = own;
    await own.go('/runs/digits-ddpm');
    await page.getByRole('button', { name: 'Sample now' }).click();
    await page.getByLabel('Labels').fill('seven');
    await page.getByText('"seven" is no label').waitFor();
    expect(await page.getByRole('button', { name: 'Draw' }).isDisabled()).toBe(true);
    await page.getByLabel('Labels').fill('7');
    await page.getByRole('button', { name: 'Draw' }).click();
    await page.getByRole('progressbar', { name: 'Drawing' }).waitFor();
    await page.getByRole('img', { name: 'The samples that were drawn' }).waitFor();
    expect(await page.getByRole('link', { name: 'Download' }).getAttribute('download')).toMatch(/^samples-.*\.png$/);
    await page.getByLabel('Seed').fill('13');
    await page.getByRole('button', { name: 'Draw' }).click();
    await page.getByText('ran out of memory: ask for fewer images').waitFor();
    await page.getByRole('button', { name: 'Close' }).click();
    await page.waitForFunction(() => !location.search.includes('draw='));
  });
});

describe('a new job', () => {
  it('says while typing what is to be mended, and where, then trains', async () => {
    await using own = await openPage(browser, server);
    const { page } = own;
    await own.go('/submit?recipe=digits-quick');
    const yaml = page.getByLabel('Job, in YAML');
    const start = page.getByRole('button', { name: 'Start training' });
    await page.getByText('Ready to train').waitFor();
    const good = await yaml.inputValue();
    await yaml.fill(good.replace(/steps: \d+/, 'steps: -1'));
    await page.getByText('training.steps').waitFor();
    expect(await start.isDisabled()).toBe(true);
    await yaml.fill(good.replace('name: mnist-digits', 'name: cats').replace('name: digits-quick', 'name: fashion'));
    await page.getByText('there is no dataset "cats"').waitFor();
    await page.getByText('run "fashion" has all its').waitFor();
    expect(await start.isDisabled()).toBe(true);
    await page.getByRole('listitem').filter({ hasText: 'dataset.name' }).getByRole('button', { name: /^line/ }).click();
    expect(await yaml.evaluate((area: HTMLTextAreaElement) => area.value.slice(area.selectionStart, area.selectionEnd))).toContain('cats');
    await yaml.fill(good.replace('name: digits-quick', 'name: from-the-browser'));
    await page.getByText('Ready to train').waitFor();
    await start.click();
    await page.getByRole('heading', { level: 1, name: 'from-the-browser' }).waitFor();
    expect(own.complaints).toEqual([]);
  });

  it('begins with the recipe that draws digits', async () => {
    await using own = await openPage(browser, server);
    await own.go('/submit');
    expect(await own.page.getByLabel('Recipe to begin with').inputValue()).toBe('digits-ddpm');
  });
});

describe('a run that was cancelled', () => {
  it('goes on from its checkpoint; without one it says why it cannot', async () => {
    await using ownServer = await serveStore();
    await using own = await openPage(browser, ownServer);
    const { page } = own;
    const cancel = async () => {
      await page.getByRole('button', { name: 'Cancel' }).click();
      await page.getByRole('button', { name: 'Cancel the run' }).click();
      await page.getByText('cancelled by the user').waitFor();
    };
    await own.go('/submit');
    const yaml = page.getByLabel('Job, in YAML');
    await yaml.fill((await yaml.inputValue()).replace('name: digits-ddpm', 'name: too-early'));
    await page.getByRole('button', { name: 'Start training' }).click();
    await page.getByRole('heading', { level: 1, name: 'too-early' }).waitFor();
    await cancel();
    await page.getByText('No checkpoint to go on from').waitFor();
    expect(await page.getByRole('button', { name: 'Resume' }).isDisabled()).toBe(true);

    await own.go('/runs/digits-ddpm');
    await live(page);
    await cancel();
    await page.getByRole('button', { name: 'Resume' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Resume' }).click();
    await page.getByRole('main').getByText('queued', { exact: true }).waitFor();
    ownServer.tick();
    await page.getByText('resumed from step').first().waitFor();
  });
});

describe('a coordinator that goes away', () => {
  it('is missed, and welcomed back by the same page', async () => {
    const first = await serveStore();
    await using own = await openPage(browser, first);
    const { page } = own;
    await own.go('/runs');
    await live(page);
    await first[Symbol.asyncDispose]();
    await page.getByRole('alert').filter({ hasText: 'does not answer' }).waitFor();
    expect(await page.getByRole('rowheader').count()).toBeGreaterThan(5);
    await using second = await serveStore(Number(new URL(first.url).port));
    await live(page);
    await page.getByRole('alert').waitFor({ state: 'detached' });
    second.tick();
    await page.getByRole('row', { name: /digits-ddpm.*362/ }).waitFor();
  });

  it('says which address to open when the browser brings no token', async () => {
    await using own = await openPage(browser, server);
    await own.go('/models/fashion');
    await live(own.page);
    await own.page.context().clearCookies();
    await own.go('/models/digits-ddpm');
    await own.page.getByRole('alert').filter({ hasText: 'no valid token' }).first().waitFor();
  });
});
