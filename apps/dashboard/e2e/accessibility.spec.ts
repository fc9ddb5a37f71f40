import type { OwnBrowser } from '../dev/browser.js';
import type { DevServer } from '../dev/dev-server.js';
import { axeViolations } from './axe.js';
import { openPage, serveStore, startBrowser } from './open-dashboard.js';
import { routes } from './routes.js';

jest.setTimeout(180_000);

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

describe('every page', () => {
  it('keeps WCAG 2.2 AA in both themes, and its content security policy', async () => {
    await using own = await openPage(browser, server);
    const found: string[] = [];
    for (const route of routes) {
      await own.go(route);
      for (const colorScheme of ['light', 'dark'] as const) {
        await own.page.emulateMedia({ colorScheme });
        await own.page.locator(`html[data-theme="${colorScheme}"]`).waitFor();
        found.push(...(await axeViolations(own.page)).map((violation) => `${route}, ${colorScheme}: ${violation}`));
      }
    }
    expect(found).toEqual([]);
    expect(own.complaints.filter((text) => !text.includes('404'))).toEqual([]);
  });

  it('that a browser without the token sees does too', async () => {
    const context = await browser.browser.newContext();
    const page = await context.newPage();
    const complaints: string[] = [];
    page.on('console', (message) => message.type() === 'error' && complaints.push(message.text()));
    await page.goto(new URL('/runs', server.url).href);
    await page.getByRole('heading', { level: 1, name: 'Log in' }).waitFor();
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme });
      expect([colorScheme, await axeViolations(page)]).toEqual([colorScheme, []]);
    }
    await context.close();
    expect(complaints.filter((text) => !text.includes('401'))).toEqual([]);
  });

  it('fits into 380 pixels', async () => {
    await using own = await openPage(browser, server, { viewport: { width: 380, height: 800 } });
    const tooWide: string[] = [];
    for (const route of routes) {
      await own.go(route);
      const width = await own.page.evaluate(() => document.documentElement.scrollWidth);
      if (width > 380) tooWide.push(`${route}: ${width}`);
    }
    expect(tooWide).toEqual([]);
  });
});
