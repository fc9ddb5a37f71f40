// A relay as a process of its own, for another network namespace: its options come as JSON, faults as messages of its parent.
import { startRelay } from './relay.mjs';

const relay = await startRelay(JSON.parse(process.argv[2]));
process.on('message', (fault) => relay.set(fault));
process.on('disconnect', () => process.exit(0));
process.on('SIGTERM', () => process.exit(0));
process.send?.({ kind: 'ready', facts: { address: relay.address } });
