import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { RouterProvider } from '@tanstack/react-router';
import { useEffect } from 'react';
import { Connection } from '../api/connection.js';
import { followCoordinator } from '../api/live-stream.js';
import { RequestError } from '../api/request-error.js';
import { listenForShortcuts } from '../shortcuts/listen.js';
import { shortcuts } from '../shortcuts/use-shortcut.js';
import { ConnectionContext } from './connection-context.js';
import { loadRemainingPages } from './pages.js';
import { createAppRouter } from './router.js';

/** The page that was opened has long been drawn by then. */
const calmAfterMs = 3000;

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
  useEffect(() => {
    const timer = setTimeout(() => void loadRemainingPages().catch(() => undefined), calmAfterMs); // Who opens one is told.
    return () => clearTimeout(timer);
  }, []);
  return (
    <QueryClientProvider client={cache}>
      <ConnectionContext value={connection}>
        <RouterProvider router={router} />
      </ConnectionContext>
    </QueryClientProvider>
  );
}
