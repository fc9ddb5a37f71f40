import { connect } from 'node:net';
import { RelayFlow } from './relay-flow.mjs';

/** One connection through a relay: the side that dialled, the side that was dialled, and a flow each way. */
export class RelayPair {
  #client;
  #server;
  #up;
  #down;
  #isHalfOpen = false;

  constructor(client, target, hooks) {
    this.#client = client;
    this.#server = connect({ ...target, allowHalfOpen: true, noDelay: true });
    this.#up = new RelayFlow('up', client, this.#server, hooks);
    this.#down = new RelayFlow('down', this.#server, client, hooks);
    let isConnected = false;
    this.#server.once('connect', () => {
      isConnected = true;
      client.resume();
    });
    const ended = () => client.destroyed && this.#server.destroyed && hooks.ended();
    for (const [socket, other] of [
      [client, this.#server],
      [this.#server, client],
    ]) {
      // A side that breaks takes the other with it, as if there were no relay.
      socket.on('error', () => {
        if (!isConnected && socket === this.#server) hooks.refused();
        if (!this.#isHalfOpen) reset(other);
      });
      socket.on('close', () => {
        if (!this.#isHalfOpen && !other.writableEnded) other.end();
        ended();
      });
    }
  }

  faultChanged() {
    this.#up.faultChanged();
    this.#down.faultChanged();
  }

  /** RST to both sides. */
  reset() {
    this.#isHalfOpen = false;
    reset(this.#client);
    reset(this.#server);
  }

  /** Closes one side and leaves the other open, which is never told. */
  halfOpen(closed) {
    this.#isHalfOpen = true;
    this.#up.mute();
    this.#down.mute();
    const [gone, left] = closed === 'client' ? [this.#client, this.#server] : [this.#server, this.#client];
    gone.destroy();
    // It is read on, as by a peer that is there; when it closes by itself, that is the end.
    left.resume();
    left.once('end', () => left.destroy());
  }
}

/** RST. A socket whose own side is at its end already is closed instead: libuv resets none that shuts down, and Node then never lets go of it. */
function reset(socket) {
  if (socket.destroyed) return;
  if (socket.writableEnded) socket.destroy();
  else socket.resetAndDestroy();
}
