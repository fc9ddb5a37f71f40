import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { chromium } from 'playwright-core';
import type { Browser } from 'playwright-core';

const names = ['chromium', 'chromium-browser', 'google-chrome-stable', 'google-chrome', 'chrome'];
const macApps = ['/Applications/Google Chrome.app/Contents/MacOS/Google Chrome', '/Applications/Chromium.app/Contents/MacOS/Chromium'];

/**
 * Path of a Chromium or Chrome: what the environment variable CHROMIUM names, else the first one found.
 * @throws Error that says how to get one
 */
function findChromium(env: Readonly<Record<string, string | undefined>> = process.env): string {
  if (env['CHROMIUM'] !== undefined) return env['CHROMIUM'];
  const inPath = (env['PATH'] ?? '').split(delimiter).flatMap((folder) => names.map((name) => join(folder, name)));
  const found = [...inPath, ...macApps].find((path) => existsSync(path));
  if (found === undefined) throw new Error('no Chromium is found: install one (Debian and Ubuntu: apt-get install chromium), or set CHROMIUM to its path');
  return found;
}

/** A browser that ends when it goes out of scope. */
export interface OwnBrowser extends AsyncDisposable {
  readonly browser: Browser;
}

/** Starts a headless Chromium with a profile of its own that talks to nobody but the page. */
export async function launchChromium(): Promise<OwnBrowser> {
  const browser = await chromium.launch({
    executablePath: findChromium(),
    headless: true,
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  });
  return { browser, [Symbol.asyncDispose]: () => browser.close() };
}
