import type { StateFile, StateReport } from './job.js';

/**
 * The reports that stand alone: empty when all are equal, those outside the majority when more than half agree, and
 * otherwise all of them, for nobody can tell who is right. The order of files in a report is of no account.
 */
export function dissenters(reports: readonly StateReport[]): readonly StateReport[] {
  const groups = new Map<string, StateReport[]>();
  for (const report of reports) {
    const key = stateKey(report.files);
    groups.set(key, [...(groups.get(key) ?? []), report]);
  }
  if (groups.size < 2) return [];
  const majority = [...groups.values()].find((group) => group.length > reports.length / 2);
  return majority ? reports.filter((report) => !majority.includes(report)) : reports;
}

/** What a report says otherwise than `others`, in words: `ema 3f5a… (40 bytes)`. */
export function describeDifference(report: StateReport, others: readonly StateReport[]): string {
  const isShared = (file: StateFile) => others.every(({ files }) => files.some((other) => fileKey(other) === fileKey(file)));
  const own = report.files.filter((file) => !isShared(file));
  return own.length > 0 ? own.map(describeFile).join(', ') : `only ${report.files.map((file) => file.role).join(', ')}`;
}

function describeFile({ role, digest, size }: StateFile): string {
  return `${role} ${digest.length > 12 ? `${digest.slice(0, 12)}…` : digest} (${size} bytes)`;
}

function stateKey(files: readonly StateFile[]): string {
  return files.map(fileKey).sort().join(', ');
}

function fileKey(file: StateFile): string {
  return `${file.role} ${file.digest} ${file.size}`;
}
