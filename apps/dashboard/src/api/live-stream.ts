import type { LiveEvent, LiveEventName } from '@langevin/contracts/api';
import { routes } from '@langevin/contracts/api/routes';
import type { QueryClient } from '@tanstack/react-query';
import { callRaw } from './call.js';
import type { Connection } from './connection.js';
import { endpointUrl } from './endpoint-url.js';
import { applyLiveEvent } from './live-updates.js';
import { loadSchemas } from './load-schemas.js';
import { RequestError } from './request-error.js';

const eventNames = Object.keys({
  run: true, metrics: true, runEvent: true, checkpoint: true, samples: true, drawing: true, model: true, nodes: true, sample: true, reset: true,
} satisfies Record<LiveEventName, true>) as LiveEventName[]; // The keys of a record are what its type says.

const retryMs = { first: 500, most: 10_000 };

/**
 * Follows the coordinator for as long as the page is seen: browsers open six connections to a host, and pages behind others, or gone back from,
 * would hold them all. A page that is seen again reads everything again. The browser itself tries again while the coordinator is away, and
 * says which event it saw last; where it gives up (an answer that is no stream) this opens a new one, less and less often, and reads
 * everything again.
 * @returns what ends it.
 */
export function followCoordinator(cache: QueryClient, connection: Connection): () => void {
  let source: EventSource | undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let waitMs = retryMs.first;
  let wasLost = false;
  let heard: Promise<void> = Promise.resolve();

  const open = () => {
    if (source && source.readyState !== EventSource.CLOSED) return;
    source = new EventSource(endpointUrl(routes.streamEvents.path));
    source.addEventListener('open', () => {
      waitMs = retryMs.first;
      connection.set('live');
      if (wasLost) void cache.invalidateQueries();
      wasLost = false;
    });
    source.addEventListener('error', () => {
      wasLost = true;
      if (connection.get() !== 'refused') connection.set('lost');
      if (source?.readyState === EventSource.CLOSED) again();
    });
    for (const name of eventNames) {
      source.addEventListener(name, (message) => {
        // One after the other, also while the schemas load.
        heard = heard.then(async () => applyLiveEvent(cache, await readEvent(name, message.data))).catch(() => cache.invalidateQueries());
      });
    }
  };

  const again = () => {
    void whetherRefused().then((refused) => connection.set(refused ? 'refused' : 'lost'));
    timer = setTimeout(open, waitMs);
    waitMs = Math.min(waitMs * 2, retryMs.most);
  };

  const close = () => {
    clearTimeout(timer);
    source?.close();
    source = undefined;
    wasLost = true;
  };
  const follow = () => (document.visibilityState === 'visible' ? open() : close());

  follow();
  const hearing = [
    [document, 'visibilitychange', follow],
    [window, 'pageshow', follow],
    [window, 'pagehide', close],
  ] as const;
  for (const [target, event, react] of hearing) target.addEventListener(event, react);
  return () => {
    for (const [target, event, react] of hearing) target.removeEventListener(event, react);
    close();
  };
}

async function readEvent(name: LiveEventName, data: unknown): Promise<LiveEvent> {
  const { liveEventSchemas } = await loadSchemas();
  // The schema of a name reads the data of that name; the compiler cannot follow the pair through the table.
  return { name, data: liveEventSchemas[name].parse(JSON.parse(String(data))) } as LiveEvent;
}

/** An EventSource does not say why it failed; a plain request does. */
async function whetherRefused(): Promise<boolean> {
  try {
    await callRaw('getSystem', {});
    return false;
  } catch (thrown) {
    return thrown instanceof RequestError && (thrown.status === 401 || thrown.status === 403);
  }
}
