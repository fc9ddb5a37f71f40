import { LangevinError } from '@langevin/contracts';
import type { ErrorCode } from '@langevin/contracts';
import type { Dialler } from './dialler.js';
import type { ExchangeMember } from './exchange-member.js';
import type { Pull, PullRequest } from './pull-sink.js';
import type { LinkPull, PullLink } from './pull-link.js';

/** What a peer tells of itself. */
export interface PeerEvents {
  trouble(problem: string, code: ErrorCode): void;
  recovered(): void;
}

/** Who does not dial first waits so long for the other to do it. */
const secondDialMs = 1000;
const [firstBackoffMs, lastBackoffMs] = [50, 2000];

/**
 * A member of the exchange: its link, dialled again while it is wanted, and what is being pulled from it. A pull outlives
 * links: it goes on at its next byte over the next one.
 */
export class Peer {
  readonly id: string;
  readonly #dialler: Dialler;
  readonly #events: PeerEvents;
  readonly #pulls = new Map<LinkPull, number>();
  #member: ExchangeMember | null = null;
  #link: PullLink | null = null;
  #linkIncarnation: string | null = null;
  #timer: NodeJS.Timeout | null = null;
  #cancelDial: (() => void) | null = null;
  #backoffMs = firstBackoffMs;
  #isTroubled = false;

  constructor(id: string, dialler: Dialler, events: PeerEvents) {
    this.id = id;
    this.#dialler = dialler;
    this.#events = events;
  }

  get incarnation(): string | null {
    return this.#member?.incarnation ?? null;
  }

  get isLinked(): boolean {
    return this.#link !== null;
  }

  /** Where it is now, or null when it is no member any more. */
  set(member: ExchangeMember | null): void {
    this.#member = member;
    if (!member) return this.leave();
    if (this.#link && this.#linkIncarnation !== member.incarnation) this.#drop('it was started again');
    if (!this.#link && !this.#cancelDial && !this.#timer) this.#dialAfter(this.#dialler.dialsFirst(member) ? 0 : secondDialMs);
  }

  /** A connection that has proved to be this peer's takes the place of the one before. */
  adopt(link: PullLink, incarnation: string): void {
    this.#stopDialling();
    const old = this.#link;
    this.#link = link;
    this.#linkIncarnation = incarnation;
    this.#backoffMs = firstBackoffMs;
    old?.close();
    for (const pull of this.#pulls.keys()) this.#pulls.set(pull, link.pull(pull));
    if (!this.#isTroubled) return;
    this.#isTroubled = false;
    this.#events.recovered();
  }

  /** A link is gone; if it was the present one, another is made. */
  broken(link: PullLink, error: LangevinError): void {
    if (this.#link !== link) return;
    this.#link = null;
    this.#trouble(error);
    if (this.#member) this.#dialAfter(this.#dialler.dialsFirst(this.#member) ? 0 : secondDialMs);
  }

  pull(request: PullRequest): Pull {
    const pull: LinkPull = { name: request.name, end: request.end, sink: request.sink, next: request.offset, corrupt: 0 };
    this.#pulls.set(pull, this.#link?.pull(pull) ?? 0);
    return {
      get next() {
        return pull.next;
      },
      done: () => {
        const id = this.#pulls.get(pull);
        this.#pulls.delete(pull);
        if (id) this.#link?.release(id);
      },
    };
  }

  /** Gives its link and its pulls up. */
  leave(): void {
    this.#stopDialling();
    const link = this.#link;
    this.#link = null;
    link?.close();
  }

  #drop(why: string): void {
    const link = this.#link;
    this.#link = null;
    link?.close();
    this.#trouble(new LangevinError('unavailable', why));
  }

  #stopDialling(): void {
    if (this.#timer) clearTimeout(this.#timer);
    this.#timer = null;
    this.#cancelDial?.();
    this.#cancelDial = null;
  }

  #dialAfter(ms: number): void {
    this.#stopDialling();
    this.#timer = setTimeout(() => this.#dial(), ms).unref();
  }

  #dial(): void {
    this.#timer = null;
    const member = this.#member;
    if (!member || this.#link) return;
    // A success comes back through `adopt`.
    this.#cancelDial = this.#dialler.dial(member, (error) => {
      this.#cancelDial = null;
      this.#trouble(error);
      this.#dialAfter(this.#backoffMs);
      this.#backoffMs = Math.min(lastBackoffMs, this.#backoffMs * 2);
    });
  }

  #trouble(error: LangevinError): void {
    if (this.#isTroubled || !this.#member) return;
    this.#isTroubled = true;
    this.#events.trouble(error.message, error.code);
  }
}
