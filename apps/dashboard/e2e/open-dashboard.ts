import { randomUUID } from 'node:crypto';
import type { BrowserContextOptions, Page } from 'playwright-core';
import { launchChromium } from '../dev/browser.js';
import type { OwnBrowser } from '../dev/browser.js';
import { startDevServer } from '../dev/dev-server.js';
import type { DevServer } from '../dev/dev-server.js';
import { builtDashboard } from './built-dashboard.js';

/** A fixed time, so that every age and every curve is the same in each test. */
const nowMs = Date.UTC(2026, 0, 15, 12);
const token = 'a-token-that-only-this-test-knows';

/** A page of its own, with what it complained about. */
export interface OwnPage extends AsyncDisposable {
  readonly page: Page;
  /** Errors on the console, uncaught ones, and violations of the content security policy. */
  readonly complaints: readonly string[];
  /** Goes to a path within the page, as a link would, and waits until nothing loads. */
  readonly go: (path: string) => Promise<void>;
}

/** Serves a generated store that stands still until it is told to tick. */
export async function serveStore(port = 0): Promise<DevServer> {
  const size = { runs: 10, steps: 600, checkpoints: 12 };
  return startDevServer({ size, port, dashboard: builtDashboard, token, epoch: randomUUID(), nowMs, isLive: false });
}

/** Opens a page that is logged in. */
export async function openPage({ browser }: OwnBrowser, server: DevServer, options: BrowserContextOptions = {}): Promise<OwnPage> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, reducedMotion: 'reduce', ...options });
  context.setDefaultTimeout(15_000);
  const page = await context.newPage();
  const complaints: string[] = [];
  page.on('pageerror', (error) => complaints.push(error.message));
  page.on('console', (message) => {
    if (message.type() === 'error' || /Content Security Policy/.test(message.text())) complaints.push(message.text());
  });
  await page.goto(server.url);
  // The program comes after the page, and goes to the runs itself: it would take whoever went elsewhere before with it.
  await page.waitForURL('**/runs');
  await settled(page);
  const go = async (path: string) => {
    await page.evaluate((target) => history.pushState({}, '', target), path);
    await settled(page);
  };
  return { page, complaints, go, [Symbol.asyncDispose]: () => context.close() };
}

/** Waits until the page has what it shows. */
export async function settled(page: Page): Promise<void> {
  await page.locator('main *').first().waitFor();
  await page.evaluate(() => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve))));
  await page.waitForFunction(() => document.querySelector('[aria-busy="true"]') === null);
}

/** Starts a browser. */
export const startBrowser = launchChromium;
