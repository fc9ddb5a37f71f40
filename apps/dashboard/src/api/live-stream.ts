import { endpoints, liveEventSchemas } from '@langevin/contracts/api';
import type { LiveEvent, LiveEventName } from '@langevin/contracts/api';
import type { QueryClient } from '@tanstack/react-query';
import { call } from './call.js';
import type { Connection } from './connection.js';
import { endpointUrl } from './endpoint-url.js';
import { applyLiveEvent } from './live-updates.js';
import { RequestError } from './request-error.js';

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

  const open = () => {
    if (source && source.readyState !== EventSource.CLOSED) return;
    source = new EventSource(endpointUrl(endpoints.streamEvents.path));
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
    for (const name of Object.keys(liveEventSchemas) as LiveEventName[]) { // the keys of the table are its names
      source.addEventListener(name, (message) => applyLiveEvent(cache, readEvent(name, message.data)));
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

function readEvent(name: LiveEventName, data: unknown): LiveEvent {
  // The schema of a name reads the data of that name; the compiler cannot follow the pair through the table.
  return { name, data: liveEventSchemas[name].parse(JSON.parse(String(data))) } as LiveEvent;
}

/** An EventSource does not say why it failed; a plain request does. */
async function whetherRefused(): Promise<boolean> {
  try {
    await call(endpoints.getSystem);
    return false;
  } catch (thrown) {
    return thrown instanceof RequestError && (thrown.status === 401 || thrown.status === 403);
  }
}
