import type { Writable } from 'node:stream';
import type { LiveEvent } from '@langevin/contracts/api';

/** How much a feed keeps. */
export interface LiveFeedOptions {
  /** Tells this feed from one of an earlier process: what that one said is not kept here. */
  readonly epoch: string;
  /** Bytes of past events that a client may still ask for. @default 4 MiB */
  readonly maxBytes?: number;
  /** Bytes that may wait for one slow client. @default 256 KiB */
  readonly clientBytes?: number;
  /** Between two comments that keep the connection open. @default 15000 */
  readonly heartbeatMs?: number;
}

interface Client {
  readonly stream: Writable;
  /** Number of the last event that was written to it. */
  sent: number;
  /** Heartbeats that it has not taken anything for. */
  stalled: number;
}

/**
 * Server-Sent Events (WHATWG HTML, §9.2) for any number of clients. The past is kept once, up to a bound; each client has a place
 * in it and takes from it as fast as it reads. One that falls behind what is kept is told `reset`, and none makes the process grow.
 */
export class LiveFeed {
  readonly #options: Required<LiveFeedOptions>;
  readonly #clients = new Set<Client>();
  readonly #heartbeat: NodeJS.Timeout;
  /** The frames of events `#first` … `#last`. */
  #frames: string[] = [];
  #bytes = 0;
  #last = 0;

  constructor(options: LiveFeedOptions) {
    this.#options = { maxBytes: 4 * 1024 ** 2, clientBytes: 256 * 1024, heartbeatMs: 15_000, ...options };
    this.#heartbeat = setInterval(() => this.#beat(), this.#options.heartbeatMs);
    this.#heartbeat.unref();
  }

  /** How many clients listen. */
  get clients(): number {
    return this.#clients.size;
  }

  /** Tells every client. */
  publish({ name, data }: LiveEvent): void {
    this.#last += 1;
    const frame = `id: ${this.#idOf(this.#last)}\nevent: ${name}\ndata: ${JSON.stringify(data)}\n\n`;
    this.#frames.push(frame);
    this.#bytes += frame.length;
    while (this.#bytes > this.#options.maxBytes) this.#bytes -= this.#frames.shift()?.length ?? this.#bytes;
    for (const client of this.#clients) this.#pump(client);
  }

  /**
   * Adds a client, from the event after `lastEventId` on, or from now on without one.
   * @param lastEventId what the client has seen; one that is not known here gets `reset`
   */
  attach(stream: Writable, lastEventId?: string): void {
    const client: Client = { stream, sent: this.#placeOf(lastEventId), stalled: 0 };
    // Without data this is no event, but it sets the client's last id: a connection that breaks now has a place to go on from.
    stream.write(`retry: 1000\n${client.sent >= 0 ? `id: ${this.#idOf(client.sent)}\n` : ''}\n`);
    this.#clients.add(client);
    stream.on('drain', () => this.#pump(client));
    const leave = (): void => void this.#clients.delete(client);
    stream.on('close', leave);
    stream.on('error', leave);
    this.#pump(client);
  }

  /** Ends every connection. */
  close(): void {
    clearInterval(this.#heartbeat);
    for (const { stream } of this.#clients) stream.end();
    this.#clients.clear();
  }

  get #first(): number {
    return this.#last - this.#frames.length + 1;
  }

  #idOf(number: number): string {
    return `${this.#options.epoch}-${number}`;
  }

  /** −1: a place that is not kept. */
  #placeOf(lastEventId: string | undefined): number {
    if (lastEventId === undefined || lastEventId === '') return this.#last;
    const [, epoch, digits] = /^(.*)-(\d{1,15})$/.exec(lastEventId) ?? [];
    const number = Number(digits);
    return epoch === this.#options.epoch && number <= this.#last ? number : -1;
  }

  #pump(client: Client): void {
    const { stream } = client;
    while (client.sent < this.#last && stream.writableLength < this.#options.clientBytes && !stream.destroyed) {
      client.stalled = 0;
      if (client.sent + 1 < this.#first) {
        stream.write(`id: ${this.#idOf(this.#last)}\nevent: reset\ndata: {}\n\n`);
        client.sent = this.#last;
      } else {
        stream.write(this.#frames[client.sent + 1 - this.#first] ?? '');
        client.sent += 1;
      }
    }
  }

  /** Whoever takes nothing for two heartbeats is gone, or as good as. */
  #beat(): void {
    for (const client of this.#clients) {
      if (client.stream.writableLength >= this.#options.clientBytes) {
        client.stalled += 1;
        if (client.stalled > 1) client.stream.destroy();
      } else client.stream.write(': still here\n\n');
    }
  }
}
