import { readRecord, type StoredRun } from './stored-run.js';
import type { RunArchive } from './run-archive.js';

/** Where a run comes from, and what came of it. */
export interface RunLineage {
  /** The checkpoint that it began at; `run` is null when the store no longer has it. */
  readonly parent: { readonly digest: string; readonly run: string | null; readonly step: number | null } | null;
  /** Runs that began at one of its checkpoints. */
  readonly forks: readonly { readonly run: string; readonly step: number }[];
  /** Versions of models that are its checkpoints. */
  readonly models: readonly { readonly name: string; readonly version: number; readonly step: number; readonly aliases: readonly string[] }[];
}

/** Records read at the same time: enough to hide a server's latency. */
const concurrency = 16;

/** The lineage of a run, from the index and the records of the other runs. @throws LangevinError when the store cannot be read */
export async function readLineage(archive: RunArchive, { name, forkOf }: StoredRun): Promise<RunLineage> {
  const checkpoints = archive.index.checkpoints();
  const origin = checkpoints.find(({ digest }) => digest === forkOf);
  const own = new Map(checkpoints.filter(({ run }) => run === name).map(({ digest, step }) => [digest, step]));
  return {
    parent: forkOf === null ? null : { digest: forkOf, run: origin?.run ?? null, step: origin?.step ?? null },
    forks: (await forksOf(archive, own)).filter(({ run }) => run !== name),
    models: modelsOf(archive, name),
  };
}

async function forksOf({ store, index }: RunArchive, own: ReadonlyMap<unknown, number>): Promise<{ run: string; step: number }[]> {
  if (own.size === 0) return [];
  const forks: { run: string; step: number }[] = [];
  const queue = index.runs().values();
  const work = async (): Promise<void> => {
    for (const { name } of queue) {
      const record = await readRecord(store, name);
      const step = own.get(typeof record === 'object' && record !== null && 'forkOf' in record ? record.forkOf : undefined);
      if (step !== undefined) forks.push({ run: name, step });
    }
  };
  await Promise.all(Array.from({ length: concurrency }, work));
  return forks.sort((a, b) => a.run.localeCompare(b.run));
}

function modelsOf({ index }: RunArchive, run: string): RunLineage['models'] {
  return index.models().flatMap(({ name, aliases }) =>
    index
      .versions(name)
      .filter((version) => version.run === run)
      .map(({ version, step }) => ({ name, version, step, aliases: aliases.filter((each) => each.version === version).map(({ alias }) => alias) })),
  );
}
