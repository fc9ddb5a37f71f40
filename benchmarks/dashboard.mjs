/* global document, requestAnimationFrame, MutationObserver, HTMLInputElement, Event, TextDecoderStream */
// How fast the dashboard is in a real Chromium, over a generated store: 50 runs of 20,000 points in each of their metrics, and a run
// with 2,000 checkpoints and their samples. `npm run bench -- dashboard [--json] [--rounds N]`
import { spawnSync } from 'node:child_process';
import { randomBytes, randomUUID } from 'node:crypto';
import { cpus } from 'node:os';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { build } from '../tools/bootstrap/build.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const project = `${root}apps/dashboard/`;
const { values } = parseArgs({ options: { json: { type: 'boolean', default: false }, rounds: { type: 'string', default: '15' } } });
const rounds = Number(values.rounds);
const steps = 20_000;

await build(root, `${project}tsconfig.dev.json`);
if (spawnSync(process.execPath, [`${project}build.mjs`], { stdio: 'inherit' }).status !== 0) throw new Error('the dashboard does not build (see above)');
const { launchChromium } = await import(`${project}dist/dev/browser.js`);
const { startDevServer } = await import(`${project}dist/dev/dev-server.js`);

const median = (numbers) => [...numbers].sort((a, b) => a - b)[numbers.length >> 1];
const p95 = (numbers) => [...numbers].sort((a, b) => a - b)[Math.ceil(numbers.length * 0.95) - 1];
const repeat = async (times, measure) => {
  const found = [];
  for (let i = 0; i < times; i += 1) found.push(await measure(i));
  return found;
};

/** Disposes of a resource after its use. */
const withResource = async (resource, use) => {
  try {
    return await use(resource);
  } finally {
    await resource[Symbol.asyncDispose]();
  }
};

const serve = (size) =>
  startDevServer({ size, port: 0, dashboard: `${project}dist/app`, token: randomBytes(16).toString('hex'), epoch: randomUUID(), nowMs: Date.UTC(2026, 0, 15), isLive: false });

/** Resolves in the page with its clock, milliseconds since the navigation began, when the element is there and painted. */
const painted = (selector) =>
  new Promise((resolve) => {
    const look = () => (document.querySelector(selector) ? requestAnimationFrame(() => requestAnimationFrame(() => resolve(performance.now()))) : requestAnimationFrame(look));
    look();
  });

/** From the click on "Zoom in" until the finer curves are drawn. */
const zoomIn = () =>
  new Promise((resolve) => {
    const chart = document.querySelector('[role="img"][aria-label^="Loss, steps"]');
    const began = performance.now();
    new MutationObserver((_, observer) => {
      observer.disconnect();
      requestAnimationFrame(() => resolve(performance.now() - began));
    }).observe(chart, { attributes: true, attributeFilter: ['aria-label'] });
    document.querySelector('button[aria-label="Zoom in"]').click();
  });

/** From the move of the slider until the picture of its step is drawn. */
const slideTo = (index) =>
  new Promise((resolve) => {
    const slider = document.querySelector('input[aria-label="Checkpoint"]');
    const canvas = document.querySelector('canvas[data-picture]');
    const began = performance.now();
    new MutationObserver((_, observer) => {
      observer.disconnect();
      requestAnimationFrame(() => resolve(performance.now() - began));
    }).observe(canvas, { attributes: true, attributeFilter: ['data-picture'] });
    // React hears of a value only when it is set past its own setter.
    Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, 'value').set.call(slider, String(index));
    slider.dispatchEvent(new Event('input', { bubbles: true }));
  });

async function newPage(browser, server) {
  const context = await browser.newContext({ viewport: { width: 1360, height: 900 }, reducedMotion: 'reduce' });
  const page = await context.newPage();
  const warm = await fetch(server.url, { redirect: 'manual' });
  const [name, value] = warm.headers.get('set-cookie').split(';')[0].split(/=(.*)/s);
  await context.addCookies([{ name, value, url: server.url, sameSite: 'Strict', httpOnly: true }]);
  const cdp = await context.newCDPSession(page);
  // Time that the page's thread had a processor: what a busy machine does not change.
  await cdp.send('Performance.enable', { timeDomain: 'threadTicks' });
  const cpuMs = async () => (await cdp.send('Performance.getMetrics')).metrics.find(({ name }) => name === 'TaskDuration').value * 1000;
  const timed = async (work) => {
    const before = await cpuMs();
    const ms = await work();
    return { ms, cpuMs: (await cpuMs()) - before };
  };
  return { context, page, cpuMs, timed, open: (path) => page.goto(new URL(path, server.url).href, { waitUntil: 'commit' }) };
}

/** Each time with an empty cache: page, scripts and 50 curves. */
async function firstPaint(browser, server, path, selector) {
  return repeat(Math.max(3, Math.ceil(rounds / 3)), async () => {
    const { context, page, open, cpuMs } = await newPage(browser, server);
    await open(path);
    const found = { ms: await page.evaluate(painted, selector), cpuMs: await cpuMs() };
    await context.close();
    return found;
  });
}

async function zooms(browser, server, run) {
  const { context, page, open, timed } = await newPage(browser, server);
  const found = await repeat(rounds, async (i) => {
    await open(`/runs/${run}?from=${100 + i * 40}&to=${19_000 - i * 60}`);
    await page.evaluate(painted, '[role="img"][aria-label^="Loss, steps"]');
    await page.waitForFunction(() => !document.querySelector('button[aria-label="Zoom in"]').disabled);
    return timed(() => page.evaluate(zoomIn));
  });
  await context.close();
  return found;
}

async function slides(browser, server, run) {
  const { context, page, open, timed } = await newPage(browser, server);
  await open(`/runs/${run}/samples`);
  await page.evaluate(painted, 'canvas[data-picture]');
  // Far from each other, so that none was loaded ahead.
  const found = await repeat(rounds * 2, (i) => timed(() => page.evaluate(slideTo, (i * 619 + 37) % 1990)));
  await context.close();
  return found;
}

const bearer = (server) => {
  const { origin, searchParams } = new URL(server.url);
  return { origin, init: { headers: { authorization: `Bearer ${searchParams.get('token')}` } } };
};

/** Bytes of the live stream for each new point. */
async function liveBytes(server) {
  const { origin, init } = bearer(server);
  const response = await fetch(`${origin}/api/v1/events`, init);
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  const ticks = 20;
  for (let i = 0; i < ticks; i += 1) server.tick();
  let text = '';
  let frames = [];
  while (frames.length < ticks) {
    text += (await reader.read()).value;
    frames = text.split('\n\n').slice(0, -1).filter((frame) => frame.includes('event: metrics\n'));
  }
  await reader.cancel();
  const points = frames.reduce((sum, frame) => sum + JSON.parse(frame.split('data: ')[1]).points.length, 0);
  return Math.round(frames.reduce((sum, frame) => sum + frame.length + 2, 0) / points);
}

const results = [];
const note = (measure, found, goal) => {
  const all = found.map(({ ms }) => ms);
  results.push({ measure, milliseconds: Math.round(median(all)), p95: Math.round(p95(all)), pageCpuMilliseconds: Math.round(median(found.map(({ cpuMs }) => cpuMs))), goal, rounds: all.length });
};
await withResource(await launchChromium(), async ({ browser }) => {
  await withResource(await serve({ runs: 50, steps, checkpoints: 40, isComplete: true }), async (server) => {
    const { origin, init } = bearer(server);
    const { items } = await (await fetch(`${origin}/api/v1/runs?limit=100`, init)).json();
    const names = items.map(({ name }) => name);
    const points = items.reduce((sum, { step }) => sum + step, 0);
    const all = `/compare?runs=${encodeURIComponent(JSON.stringify(names))}`;
    note(`first paint, ${names.length} runs, ${points / 1e6}M points`, await firstPaint(browser, server, all, `[aria-label^="Loss of ${names.length} runs"]`), 1000);
    note(`first paint, one run, ${(steps * 4) / 1000}K points`, await firstPaint(browser, server, `/runs/${names[0]}`, '[role="img"][aria-label^="Loss, steps"]'), 1000);
    note('zoom, refetched and drawn', await zooms(browser, server, names[0]), 100);
  });
  await withResource(await serve({ runs: 1, steps, checkpoints: 2000, isComplete: true }), async (server) => {
    note('slider to any of 2,000 checkpoints', await slides(browser, server, 'digits-ddpm'), 150);
  });
});
for (const points of [2000, steps]) {
  // The generated run has done 60 % of its steps.
  await withResource(await serve({ runs: 1, steps: points, checkpoints: 1 }), async (server) => {
    results.push({ measure: `live update after ${points * 0.6} points`, bytesPerPoint: await liveBytes(server) });
  });
}
const machine = { cpu: cpus()[0]?.model.trim(), cores: cpus().length };
if (values.json) process.stdout.write(`${JSON.stringify({ machine, results })}\n`);
else {
  process.stdout.write(`${machine.cpu}, ${machine.cores} cores\n`);
  for (const { measure, milliseconds, p95: high, pageCpuMilliseconds, goal, bytesPerPoint } of results) {
    process.stdout.write(`${measure.padEnd(40)} ${bytesPerPoint === undefined ? `${milliseconds} ms (95 %: ${high} ms, page's own CPU ${pageCpuMilliseconds} ms; goal ${goal} ms)` : `${bytesPerPoint} bytes a point`}\n`);
  }
}
