import type { Readable } from 'node:stream';
import { LangevinError, parseWith } from '@langevin/contracts';
import { liveEventSchemas, type LiveEvent, type LiveEventName } from '@langevin/contracts/api';

/**
 * Reads Server-Sent Events (WHATWG HTML, §9.2) as the coordinator writes them: one `data:` line each. Events of a name that is not
 * known here, and comments, are passed over.
 * @throws LangevinError `unavailable` when the stream ends: it never does by itself; `internal` for data that break the contract
 */
export async function* liveEvents(stream: Readable): AsyncGenerator<LiveEvent> {
  let rest = '';
  try {
    for await (const chunk of stream.setEncoding('utf8')) {
      const frames = `${rest}${chunk}`.split('\n\n');
      rest = frames.pop() ?? '';
      for (const frame of frames) {
        const event = parseFrame(frame);
        if (event) yield event;
      }
    }
  } catch (cause) {
    if (cause instanceof LangevinError) throw cause;
    throw new LangevinError('unavailable', `the coordinator has gone (${LangevinError.from(cause).message})`, { cause });
  }
  throw new LangevinError('unavailable', 'the coordinator has gone');
}

function parseFrame(frame: string): LiveEvent | undefined {
  const name = /^event: (.*)$/m.exec(frame)?.[1];
  const data = /^data: (.*)$/m.exec(frame)?.[1];
  if (name === undefined || data === undefined || !isName(name)) return undefined;
  // A name goes with the data that its own schema has read.
  return { name, data: parseWith(liveEventSchemas[name], JSON.parse(data), 'internal', `event ${name}`) } as LiveEvent;
}

function isName(name: string): name is LiveEventName {
  return Object.hasOwn(liveEventSchemas, name);
}
