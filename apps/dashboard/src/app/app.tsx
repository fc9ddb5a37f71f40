import * as Tooltip from '@radix-ui/react-tooltip';
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { RouterProvider } from '@tanstack/react-router';
import { useEffect } from 'react';
import { Connection } from '../api/connection.js';
import { followCoordinator } from '../api/live-stream.js';
import { RequestError } from '../api/request-error.js';
import { listenForShortcuts } from '../shortcuts/listen.js';
import { shortcuts } from '../shortcuts/use-shortcut.js';
import { ConnectionContext } from './connection-context.js';
import { createAppRouter } from './router.js';

const connection = new Connection();
const router = createAppRouter();

/** What the coordinator says over the live stream keeps the cache fresh: nothing is polled, and nothing is fetched twice. */
const cache = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 30_000,
      refetchOnWindowFocus: false,
      retry: (failures, error) => failures < 2 && error instanceof RequestError && error.status === 0,
    },
  },
});

/** The whole dashboard. */
export function App() {
  useEffect(() => followCoordinator(cache, connection), []);
  useEffect(() => listenForShortcuts(shortcuts), []);
  return (
    <QueryClientProvider client={cache}>
      <ConnectionContext value={connection}>
        <Tooltip.Provider delayDuration={400}>
          <RouterProvider router={router} />
        </Tooltip.Provider>
      </ConnectionContext>
    </QueryClientProvider>
  );
}
