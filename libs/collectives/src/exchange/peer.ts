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
/** A link that breaks is mended before anybody is told: so long it is dialled again, or waited for. */
const mendMs = 400;
/** Trouble that lasts is told again so often: whoever was told may be gone by now, or may not have cared then. */
const remindMs = 5000;

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
  #mending: NodeJS.Timeout | null = null;
  /** Links that took the place of a broken one, and have not lasted yet. */
  readonly #mended = new Set<PullLink>();
  #hasBroken = false;
  #reminding: NodeJS.Timeout | null = null;

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
    const isBornAnew = member !== null && this.#member !== null && member.incarnation !== this.#member.incarnation;
    this.#member = member;
    if (!member) return this.leave();
    if (isBornAnew) this.#forget();
    if (this.#link && this.#linkIncarnation !== member.incarnation) {
      this.#closeLinks();
      this.#suspect(new LangevinError('unavailable', `${member.name} was started again`));
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
    } else this.#accepted = link;
    if (this.#hasBroken) this.#mended.add(link);
    this.#lastFrom();
    this.#stopMending();
    old?.close();
    if (this.#link === link) this.#moveTo(link);
    this.#endTrouble();
  }

  /** A link is gone; if it was dialled here, another is made. */
  broken(link: PullLink, error: LangevinError): void {
    const isDialled = this.#dialled === link;
    if (!isDialled && this.#accepted !== link) return;
    if (isDialled) this.#dialled = null;
    else this.#accepted = null;
    this.#hasBroken = true;
    if (this.#mended.delete(link)) this.#trouble(error);
    else if (!this.#link) this.#suspect(error);
    if (!isDialled) return;
    if (this.#accepted) this.#moveTo(this.#accepted);
    this.#dialAgain();
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
    this.#stopMending();
    this.#endTrouble();
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
      // What has come as a whole and is not read yet asks for nothing more.
      this.#pulls.set(pull, pull.next < pull.end ? { on: link, id: link.pull(pull) } : { on: null, id: 0 });
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
      // Where the other side has dialled, nothing is missing.
      if (!this.#link) this.#suspect(error);
      this.#dialAgain();
    });
  }

  /** From now on a link has to last before the next break is taken for the first; one that breaks again and again is dialled more and more seldom. */
  #lastFrom(): void {
    clearTimeout(this.#steady);
    this.#steady = setTimeout(() => {
      this.#backoffMs = firstBackoffMs;
      this.#hasBroken = false;
      this.#mended.clear();
    }, lastBackoffMs).unref();
  }

  /** There is trouble unless a link is made soon. */
  #suspect(error: LangevinError): void {
    this.#mending ??= setTimeout(() => this.#trouble(error), mendMs).unref();
  }

  #stopMending(): void {
    if (this.#mending) clearTimeout(this.#mending);
    this.#mending = null;
  }

  #dialAgain(): void {
    clearTimeout(this.#steady);
    if (!this.#member) return;
    this.#dialAfter(this.#backoffMs);
    this.#backoffMs = Math.min(lastBackoffMs, this.#backoffMs * 2);
  }

  #trouble(error: LangevinError): void {
    if (this.#reminding || !this.#member) return;
    const tell = (): void => this.#events.trouble(error.message, error.code);
    this.#reminding = setInterval(tell, remindMs).unref();
    tell();
  }

  /** Whoever was told of trouble is told of its end, also when it ends because the peer concerns nobody any more. */
  #endTrouble(): void {
    if (!this.#reminding) return;
    clearInterval(this.#reminding);
    this.#reminding = null;
    this.#events.recovered();
  }

  /** What went wrong with its former life says nothing of this one, which is dialled at once. */
  #forget(): void {
    this.#stopDialling();
    this.#stopMending();
    this.#endTrouble();
    this.#backoffMs = firstBackoffMs;
    this.#hasBroken = false;
    this.#mended.clear();
  }
}
