import { decide } from './decide.js';
import type { ClusterEvent } from './event.js';
import { mustSync } from './must-sync.js';
import { createClusterState } from './state.js';
import { parseCommand } from './testing/transcript-command.js';

const story = `
attach t1 a | -
submit digits steps=6 every=3 | sync
ready t1 digits | sync
attach t2 b | -
ready t2 digits | -
prepared t1 digits 1 d1 | -
fetched t2 digits 1 | -
prepared t1 digits 2 d2 | -
prepared t2 digits 2 d2 | sync
prepared t1 digits 3 d3 | -
prepared t2 digits 3 d3 | -
state t1 digits 3 weights=w3 | -
state t2 digits 3 weights=w3 | sync
copied digits 3 | sync
stored digits 3 m3 w3 | sync
trouble t1 digits t2 silent=10 no answer | sync
detach t2 connection closed | sync
detach t1 connection closed | sync
attach t3 a holds=digits:3:d3 | sync
attach t4 b holds=digits:3:d3 | sync
`;

describe('mustSync', () => {
  it('asks for it where somebody begins or ceases to hold a state, and for checkpoints; for no commit', () => {
    let state = createClusterState({ version: '0.1.0' });
    for (const line of story.trim().split('\n')) {
      const [command = '', answer = ''] = line.split(' | ');
      const event: ClusterEvent = parseCommand(command);
      const { next } = decide(state, event, 0);
      expect(`${command} | ${mustSync(state, next) ? 'sync' : '-'}`).toBe(`${command} | ${answer}`);
      state = next;
    }
  });
});
