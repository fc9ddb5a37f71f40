import { createContext, use, useSyncExternalStore } from 'react';
import { Connection } from '../api/connection.js';
import type { ConnectionState } from '../api/connection.js';

/** The live stream of this page. */
export const ConnectionContext = createContext(new Connection());

/** How the live stream stands. */
export function useConnection(): ConnectionState {
  const connection = use(ConnectionContext);
  return useSyncExternalStore(connection.subscribe, connection.get);
}
