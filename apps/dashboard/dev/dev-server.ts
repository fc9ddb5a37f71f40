import { readFileSync, readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { LiveFeed, startHttpServer } from '@langevin/http-api';
import { DigitImages } from './digit-images.js';
import { handlersOf } from './handlers.js';
import { Life } from './life.js';
import { SampleDesk } from './sample-desk.js';
import { makeWorld } from './world.js';
import type { WorldSize } from './world.js';

/** What a server of a generated store needs. */
export interface DevServerOptions {
  readonly size: WorldSize;
  /** 0 takes any free one. */
  readonly port: number;
  /** Folder of the built dashboard. */
  readonly dashboard: string;
  readonly token: string;
  /** Tells one life of the server from the next. */
  readonly epoch: string;
  readonly nowMs: number;
  /** Whether the training run goes on by itself. @default true */
  readonly isLive?: boolean;
}

/** A running server. */
export interface DevServer extends AsyncDisposable {
  /** With the token in it. */
  readonly url: string;
  /** Commits the next steps at once. */
  readonly tick: () => void;
  /** The training run's step takes unusually long since then (ms since 1970): nothing goes on until the next tick. */
  readonly hold: (sinceMs: number) => void;
}

/** Serves a generated store through the coordinator's own HTTP server. */
export async function startDevServer({ size, port, dashboard, token, epoch, nowMs, isLive = true }: DevServerOptions): Promise<DevServer> {
  const world = makeWorld(size, nowMs);
  const feed = new LiveFeed({ epoch });
  const life = new Life(world, feed);
  const desk = new SampleDesk((data) => feed.publish({ name: 'sample', data }));
  const handlers = handlersOf({ world, life, desk, digits: new DigitImages(), recipes: readRecipes(), onModel: (name) => feed.publish({ name: 'model', data: { name } }) });
  const server = await startHttpServer({ handlers, feed, token, port, dashboard, log: (line) => void process.stderr.write(`${line}\n`) });
  if (isLive) life.start();
  return {
    url: `${server.url}/?token=${token}`,
    tick: () => life.tick(),
    hold: (sinceMs) => life.hold(sinceMs),
    [Symbol.asyncDispose]: async () => {
      life.stop();
      desk.stop();
      await server[Symbol.asyncDispose]();
    },
  };
}

function readRecipes() {
  const folder = dirname(createRequire(import.meta.url).resolve('@langevin/recipes/package.json'));
  return readdirSync(folder)
    .filter((name) => name.endsWith('.yaml'))
    .map((name) => ({ name: name.replace(/\.yaml$/, ''), yaml: readFileSync(join(folder, name), 'utf8') }));
}
