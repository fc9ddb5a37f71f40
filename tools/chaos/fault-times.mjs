import { effective } from './schedule.mjs';

/** Whether somebody else must notice the fault: a process or its connection is gone, or silent for longer than anybody waits. */
const noticed = new Set(['sigkill', 'sigstop', 'silent']);
/** A loss that comes later after a fault has another cause. */
export const attributedMs = 15_000;

/** So long after a strike at the coordinator it may notice nothing, and so long a strike at another may wait for it. */
const [blindMs, waitsMs] = [7000, 3000];

/** The value that 99 of 100 do not exceed (nearest rank). */
export function p99(values) {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.ceil(sorted.length * 0.99) - 1] ?? null;
}

/**
 * How long it took to notice each fault, and to go on after that.
 * @param strikes what the harness noted: `{ type: 'fault', kind, victim, atMs }`, and `{ type: 'recovered', victim, kind, backMs }` for a coordinator
 */
export function faultTimes(strikes, ledgers) {
  const faults = effective(strikes);
  const facts = ledgers.flatMap((ledger) => ledger.facts);
  const lost = facts.filter(({ type }) => type === 'lost').sort((a, b) => a.detectedAtMs - b.detectedAtMs);
  const trouble = facts.filter(({ type }) => type === 'trouble').sort((a, b) => a.atMs - b.atMs);
  const blind = faults.filter(({ victim }) => victim === 'coordinator');
  const begun = facts.filter(({ type, atMs }) => type === 'begun' && atMs !== undefined).sort((a, b) => a.atMs - b.atMs);
  const resumed = facts.filter(({ type }) => type === 'resumed').sort((a, b) => a.atMs - b.atMs);
  const detect = {};
  const unnoticed = {};
  const resume = [];
  faults.forEach((fault) => {
    // What is noticed after the next strike at the same victim or at the coordinator, or after it was asked to leave, belongs to that; what comes much later to nothing.
    const next = strikes.find(({ type, victim, atMs }) => ['fault', 'left'].includes(type) && [fault.victim, 'coordinator'].includes(victim) && atMs > fault.atMs);
    const untilMs = Math.min(next?.atMs ?? Infinity, fault.atMs + attributedMs);
    const isIts = (about, atMs) => about.includes(fault.victim) && atMs >= fault.atMs - 1 && atMs < untilMs;
    const notice = lost.find(({ trainer, detectedAtMs }) => isIts([trainer], detectedAtMs));
    const first = fault.plane === 'data' ? trouble.find(({ trainer, peer, atMs }) => isIts([trainer, peer], atMs)) : notice;
    const firstMs = first?.detectedAtMs ?? first?.atMs;
    // Whoever is to notice was struck itself.
    if (fault.victim === 'coordinator' || blind.some(({ atMs }) => atMs > fault.atMs - blindMs && atMs < Math.min(firstMs ?? Infinity, fault.atMs + waitsMs))) return;
    if (firstMs === undefined) {
      if (noticed.has(fault.kind)) unnoticed[fault.kind] = (unnoticed[fault.kind] ?? 0) + 1;
      return;
    }
    (detect[fault.kind] ??= []).push(firstMs - fault.atMs);
    if (!notice) return;
    const nextLossMs = lost.find(({ detectedAtMs }) => detectedAtMs > notice.detectedAtMs)?.detectedAtMs ?? Infinity;
    // Of the step that ran: where others held its result, nothing was to be computed, and what is in a later step has another cause.
    const plan = begun.find(({ atMs }) => atMs >= notice.detectedAtMs);
    const goesOn = resumed.find(({ atMs, job, step }) => atMs >= notice.detectedAtMs && atMs <= nextLossMs && (!plan || (job === plan.job && step === plan.step)));
    if (goesOn) resume.push(goesOn.atMs - notice.detectedAtMs);
  });
  const back = strikes.filter(({ type, backMs }) => type === 'recovered' && backMs !== undefined).map(({ backMs }) => backMs);
  return {
    detectMsP99: Object.fromEntries(Object.entries(detect).map(([kind, values]) => [kind, Math.round(p99(values))])),
    resumeMsP99: resume.length === 0 ? null : Math.round(p99(resume)),
    coordinatorBackMsP99: back.length === 0 ? null : Math.round(p99(back)),
    unnoticed,
  };
}
