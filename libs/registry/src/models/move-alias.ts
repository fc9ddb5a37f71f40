import { LangevinError, type AliasEvent } from '@langevin/contracts';
import type { ObjectStore } from '../object-store.js';
import type { RegisterEntry } from '../register.js';
import type { ChangeContext } from './change-context.js';
import { aliasRegister, latestAlias, listAliases, unknownAlias } from './model-aliases.js';
import { knownVersions, readModelVersion } from './model-versions.js';

/** Where an alias is to point. */
export interface Promotion {
  readonly model: string;
  readonly alias: string;
  readonly version: number;
  /** Move only if the alias points there now; `null`: only if there is no such alias yet. @default wherever it points */
  readonly ifCurrent?: number | null;
  readonly reason?: string;
}

/** What an alias goes back from. */
export interface Rollback {
  readonly model: string;
  readonly alias: string;
  readonly reason?: string;
}

/** The move that an alias stands after; `moved` is false when it pointed there already. */
export interface AliasMove {
  readonly moved: boolean;
  readonly event: AliasEvent;
}

/**
 * Points an alias to a version: one append to its register, which is the audit event too. Of two moves at the same time one
 * wins and the other is told.
 *
 * @throws LangevinError `model_unknown` saying which models or versions there are; `alias_moved` saying who moved it where;
 * `invalid_argument` for a reserved name; `object_corrupt` naming the damaged key
 */
export async function promoteModel(store: ObjectStore, promotion: Promotion, context: ChangeContext): Promise<AliasMove> {
  const { model, alias, version, ifCurrent, reason } = promotion;
  checkSettable(alias);
  await readModelVersion(store, model, version);
  const current = await aliasRegister(store, model, alias).read();
  const from = current?.value.to ?? null;
  if (ifCurrent !== undefined && ifCurrent !== from) throw movedError(model, alias, current, ifCurrent);
  if (current && from === version) return { moved: false, event: current.value };
  return move(store, current, { action: 'promote', model, alias, from, to: version, ...(reason === undefined ? {} : { reason }) }, context);
}

/**
 * Takes the last promotion of an alias back, as a new move: a second rollback takes the one before it back, not the first rollback.
 *
 * @throws LangevinError `model_unknown`; `alias_unknown`, also when there is nothing to go back to; `alias_moved` when somebody else moved it
 * meanwhile; `invalid_argument` for a reserved name; `object_corrupt` naming the damaged key
 */
export async function rollbackModel(store: ObjectStore, rollback: Rollback, context: ChangeContext): Promise<AliasMove> {
  const { model, alias, reason } = rollback;
  checkSettable(alias);
  await knownVersions(store, model);
  const history: RegisterEntry<AliasEvent>[] = [];
  for await (const entry of aliasRegister(store, model, alias).history()) history.push(entry);
  const current = history.at(-1);
  if (!current) throw unknownAlias(model, alias, await listAliases(store, model));
  const to = standingPromotions(history).at(-2);
  if (to === undefined) {
    throw new LangevinError('alias_unknown', `alias "${alias}" of model "${model}" pointed nowhere before version ${current.value.to}; promote another version instead`);
  }
  return move(store, current, { action: 'rollback', model, alias, from: current.value.to, to, ...(reason === undefined ? {} : { reason }) }, context);
}

/** The versions that were promoted and not rolled back, oldest first; the last one is where the alias points. */
function standingPromotions(history: readonly RegisterEntry<AliasEvent>[]): number[] {
  const standing: number[] = [];
  for (const { value } of history) {
    if (value.action === 'promote') standing.push(value.to);
    else standing.pop();
  }
  return standing;
}

type Move = Pick<AliasEvent, 'action' | 'model' | 'alias' | 'from' | 'to' | 'reason'>;

async function move(store: ObjectStore, current: RegisterEntry<AliasEvent> | undefined, change: Move, context: ChangeContext): Promise<AliasMove> {
  const event: AliasEvent = {
    schemaVersion: 1,
    kind: 'alias-event',
    ...change,
    actor: context.actor,
    at: new Date(context.now()).toISOString(),
    writeId: context.newId(),
  };
  const result = await aliasRegister(store, change.model, change.alias).swap(current?.generation ?? 0, event);
  if (result.status === 'swapped') return { moved: true, event: result.entry.value };
  throw movedError(change.model, change.alias, result.current, change.from);
}

function movedError(model: string, alias: string, current: RegisterEntry<AliasEvent> | undefined, expected: number | null): LangevinError {
  const wanted = expected === null ? 'not new' : `not at version ${expected}`;
  const event = current?.value;
  const state =
    event === undefined
      ? 'there is no such alias yet'
      : `${event.actor} moved it from ${event.from ?? 'nowhere'} to ${event.to} at ${event.at}${event.reason === undefined ? '' : ` (${event.reason})`}`;
  const again = `--if-current ${event?.to ?? 'none'}`;
  return new LangevinError('alias_moved', `alias "${alias}" of model "${model}" is ${wanted}: ${state}; look at \`langevin model show ${model}\`, then repeat with ${again} if you still want it`);
}

/** `latest` moves by itself; digits and `v` with digits would read as version numbers, `sha256` as a digest. */
function checkSettable(alias: string): void {
  if (alias === latestAlias) {
    throw new LangevinError('invalid_argument', 'alias "latest" is always the newest version and cannot be set; choose another name, such as production');
  }
  if (/^v?\d+$/.test(alias) || alias === 'sha256') {
    throw new LangevinError('invalid_argument', `"${alias}" cannot be an alias: it reads as a ${alias === 'sha256' ? 'digest' : 'version'}; choose a name, such as production`);
  }
}
