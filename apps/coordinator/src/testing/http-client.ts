import { LangevinError } from '@langevin/contracts';
import { apiBase } from '@langevin/contracts/api';
import { testToken } from './test-coordinator.js';

/** Calls the API of a test's coordinator. */
export class HttpClient {
  readonly #url: string;

  constructor(url: string) {
    this.#url = `${url}${apiBase}`;
  }

  /** The JSON of a success. @throws LangevinError with the code and the words of the problem */
  async json<T = unknown>(path: string, options: { method?: string; body?: unknown } = {}): Promise<T> {
    const answer = await this.send(path, options);
    const json: unknown = answer.status === 204 ? undefined : await answer.json();
    if (answer.ok) return json as T; // The spec says what it expects.
    const { code, detail } = json as { code: LangevinError['code']; detail: string }; // A problem, by the contract.
    throw new LangevinError(code, detail);
  }

  /** The answer as it came. */
  send(path: string, { method = 'GET', body }: { method?: string; body?: unknown } = {}): Promise<Response> {
    const headers = { authorization: `Bearer ${testToken}`, ...(body !== undefined && { 'content-type': 'application/json' }) };
    return fetch(`${this.#url}${path}`, { method, headers, ...(body !== undefined && { body: JSON.stringify(body) }) });
  }

  /** Events from now on, by `next`; ended by `close`. */
  async events(): Promise<{ until(name: string, matches?: (data: never) => boolean): Promise<unknown>; close(): void }> {
    const controller = new AbortController();
    const answer = await fetch(`${this.#url}/events`, { headers: { authorization: `Bearer ${testToken}` }, signal: controller.signal });
    const reader = answer.body!.pipeThrough(new TextDecoderStream()).getReader();
    let rest = '';
    const next = async (): Promise<{ event: string; data: unknown }> => {
      for (;;) {
        const end = rest.indexOf('\n\n');
        if (end < 0) {
          const { value, done } = await reader.read();
          if (done) throw new Error('the stream of events ended');
          rest += value;
          continue;
        }
        const frame = rest.slice(0, end);
        rest = rest.slice(end + 2);
        const data = /^data: (.*)$/m.exec(frame)?.[1];
        if (data !== undefined) return { event: /^event: (.*)$/m.exec(frame)?.[1] ?? '', data: JSON.parse(data) };
      }
    };
    return {
      until: async (name, matches = () => true) => {
        for (;;) {
          const { event, data } = await next();
          if (event === name && matches(data as never)) return data; // The spec knows the shape of this event.
        }
      },
      close: () => controller.abort(),
    };
  }
}
