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

const [firstBackoffMs, lastBackoffMs] = [50, 2000];

/**
 * A member of the exchange and what is being pulled from it. Each side dials the other and pulls over the link that it has
 * dialled; one that cannot dial pulls over the other's. A pull outlives links: it goes on at its next byte over the next one.
 */
export class Peer {
  readonly id: string;
  readonly #dialler: Dialler;
  readonly #events: PeerEvents;
  /** With the link that each was asked for over last. */
  readonly #pulls = new Map<LinkPull, { readonly on: PullLink | null; readonly id: number }>();
  #member: ExchangeMember | null = null;
  #dialled: PullLink | null = null;
  #accepted: PullLink | null = null;
  #linkIncarnation: string | null = null;
  #timer: NodeJS.Timeout | null = null;
  #cancelDial: (() => void) | null = null;
  #backoffMs = firstBackoffMs;
  #steady: NodeJS.Timeout | undefined;
  #isTroubled = false;

  constructor(id: string, dialler: Dialler, events: PeerEvents) {
    this.id = id;
    this.#dialler = dialler;
    this.#events = events;
  }

  get incarnation(): string | null {
    return this.#member?.incarnation ?? null;
  }

  /** Where it is now, or null when it is no member any more. */
  set(member: ExchangeMember | null): void {
    this.#member = member;
    if (!member) return this.leave();
    if (this.#link && this.#linkIncarnation !== member.incarnation) {
      this.#closeLinks();
      this.#trouble(new LangevinError('unavailable', `${member.name} was started again`));
    }
    if (!this.#dialled && !this.#cancelDial && !this.#timer) this.#dialAfter(0);
  }

  /** A connection that has proved to be this peer's takes the place of the one before. */
  adopt(link: PullLink, isDialled: boolean, incarnation: string): void {
    const old = isDialled ? this.#dialled : this.#accepted;
    this.#linkIncarnation = incarnation;
    if (isDialled) {
      this.#stopDialling();
      this.#dialled = link;
      // One that breaks at once, again and again, is dialled more and more seldom.
      this.#steady = setTimeout(() => (this.#backoffMs = firstBackoffMs), lastBackoffMs).unref();
    } else this.#accepted = link;
    old?.close();
    if (this.#link === link) this.#moveTo(link);
    if (!this.#isTroubled) return;
    this.#isTroubled = false;
    this.#events.recovered();
  }

  /** A link is gone; if it was dialled here, another is made. */
  broken(link: PullLink, error: LangevinError): void {
    if (this.#accepted === link) {
      this.#accepted = null;
      this.#trouble(error);
    }
    if (this.#dialled === link) {
      this.#dialled = null;
      this.#trouble(error);
      if (this.#accepted) this.#moveTo(this.#accepted);
      this.#dialAgain();
    }
  }

  pull(request: PullRequest): Pull {
    const pull: LinkPull = { name: request.name, end: request.end, sink: request.sink, next: request.offset, corrupt: 0 };
    const link = this.#link;
    this.#pulls.set(pull, { on: link, id: link?.pull(pull) ?? 0 });
    return {
      get next() {
        return pull.next;
      },
      done: () => {
        const asked = this.#pulls.get(pull);
        this.#pulls.delete(pull);
        asked?.on?.release(asked.id);
      },
    };
  }

  /** Gives its link and its pulls up. */
  leave(): void {
    this.#stopDialling();
    clearTimeout(this.#steady);
    this.#closeLinks();
  }

  /** The one to pull over. */
  get #link(): PullLink | null {
    return this.#dialled ?? this.#accepted;
  }

  #moveTo(link: PullLink): void {
    for (const [pull, { on, id }] of this.#pulls) {
      if (on !== link) on?.release(id);
      this.#pulls.set(pull, { on: link, id: link.pull(pull) });
    }
  }

  #closeLinks(): void {
    const links = [this.#dialled, this.#accepted];
    this.#dialled = null;
    this.#accepted = null;
    for (const link of links) link?.close();
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
    if (!member || this.#dialled) return;
    // A success comes back through `adopt`.
    this.#cancelDial = this.#dialler.dial(member, (error) => {
      this.#cancelDial = null;
      this.#trouble(error);
      this.#dialAgain();
    });
  }

  #dialAgain(): void {
    clearTimeout(this.#steady);
    if (!this.#member) return;
    this.#dialAfter(this.#backoffMs);
    this.#backoffMs = Math.min(lastBackoffMs, this.#backoffMs * 2);
  }

  #trouble(error: LangevinError): void {
    if (this.#isTroubled || !this.#member) return;
    this.#isTroubled = true;
    this.#events.trouble(error.message, error.code);
  }
}
