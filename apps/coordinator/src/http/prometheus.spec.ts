import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { FailureDetector } from '@langevin/cluster-core';
import parsePrometheusTextFormat from 'parse-prometheus-text-format';
import type { JobBook } from '../job-book.js';
import { MessageTally } from '../message-tally.js';
import { DecidedCluster } from '../testing/decided-cluster.js';
import type { TrainerReport } from './node-queries.js';
import { ClusterMetrics } from './prometheus.js';
import { StepWatch } from './step-watch.js';
import { trainerChanges } from './trainer-changes.js';

interface Family {
  readonly name: string;
  readonly type: string;
  readonly help: string;
  readonly metrics: readonly { readonly value?: string; readonly count?: string; readonly sum?: string; readonly labels?: Readonly<Record<string, string>> }[];
}

const imagesPerStep = 8;

function start() {
  const reports = new Map<string, TrainerReport>();
  const detector = new FailureDetector();
  const tally = new MessageTally();
  const book = { get: () => ({ spec: { training: { virtualWorkers: 4, microBatch: imagesPerStep / 4 } }, throughput: { imagesPerSecond: 12 } }) } as unknown as JobBook; // What is read of it.
  const cluster: DecidedCluster = new DecidedCluster((decision) => {
    const finished = decision.before === decision.after ? null : watch.observe(decision.after);
    metrics.observe(decision, trainerChanges(decision), finished, { decideMs: 2, journalMs: 1 });
  });
  const watch = new StepWatch(() => cluster.nowMs, () => new Date(cluster.nowMs));
  const metrics = new ClusterMetrics({ state: () => cluster.state, detector, reports, clock: () => cluster.nowMs, book, tally, watch, term: 3, version: '1.2.3' });
  const scrape = async () => {
    const { body } = await metrics.scrape();
    const families = parsePrometheusTextFormat(body) as readonly Family[]; // What it gives, by its documentation.
    const series = (name: string, labels: Readonly<Record<string, string>> = {}) => {
      const family = families.find((one) => one.name === name);
      return family?.metrics.filter((metric) => Object.entries(labels).every(([label, value]) => metric.labels?.[label] === value)) ?? [];
    };
    const value = (name: string, labels?: Readonly<Record<string, string>>) => {
      const [one, ...more] = series(name, labels);
      return more.length > 0 || !one ? undefined : Number(one.value ?? one.count);
    };
    return { body, families, series, value };
  };
  return { cluster, metrics, reports, detector, tally, scrape };
}

describe('the metrics of a cluster', () => {
  it('follow steps, losses, moves of leaves and messages', async () => {
    const { cluster, reports, detector, tally, scrape } = start();
    cluster.start(['a', 'b']);
    for (const name of ['a', 'b']) detector.heard(name, cluster.nowMs);
    expect((await scrape()).value('langevin_steps_committed_total')).toBe(0);
    for (let step = 1; step <= 3; step += 1) {
      cluster.nowMs += 400;
      for (const name of ['a', 'b']) reports.set(name, { memoryBytes: 5e8, threads: 2, leavesLeft: 1, stepMs: { compute: 300, exchange: 60, wait: 40 } });
      cluster.step(step, 'a', 'b');
      await scrape();
    }
    tally.send({ commit: {} });
    tally.receive('heartbeat');
    const before = await scrape();
    expect(before.value('langevin_images_trained_total')).toBe(3 * imagesPerStep);
    expect(before.value('langevin_step_duration_seconds')).toBe(3);
    expect(Number(before.series('langevin_step_duration_seconds')[0]?.sum)).toBeCloseTo(1.2);
    expect(before.value('langevin_trainer_leaves', { trainer: 'a', job: 'digits' })).toBe(2);
    expect(before.value('langevin_trainer_last_step_seconds', { trainer: 'a', part: 'compute' })).toBe(0.3);
    expect(before.value('langevin_trainer_step_seconds_total', { trainer: 'a', part: 'compute' })).toBeCloseTo(0.6);
    expect(before.value('langevin_messages_sent_total', { type: 'commit' })).toBe(1);
    expect(before.value('langevin_leaves_recomputed_total')).toBe(0);

    cluster.nowMs += 2100;
    cluster.decide({ type: 'trainerDetached', trainerId: 'b', why: 'silent for 3300 ms' });
    const after = await scrape();
    expect(after.value('langevin_trainers_lost_total', { reason: 'silent' })).toBe(1);
    // The parser knows no histogram with labels.
    expect(after.body).toMatch(/^langevin_loss_detection_seconds_sum\{reason="silent"\} 3.3$/m);
    expect(after.value('langevin_leaves_recomputed_total')).toBe(2);
    expect(after.value('langevin_generation_changes_total')).toBe(Number(before.value('langevin_generation_changes_total')) + 1);
    expect(after.series('langevin_trainer_state', { trainer: 'b' })).toEqual([]);
    expect(after.value('langevin_trainer_leaves', { trainer: 'a' })).toBe(4);
    expect(after.value('langevin_coordinator_decide_seconds_total')).toBeGreaterThan(Number(before.value('langevin_coordinator_decide_seconds_total')));
    expect(after.value('langevin_coordinator_term')).toBe(3);
  });

  it('count leaves that were computed twice, and those that came out different', async () => {
    const { metrics, scrape } = start();
    for (const isEqual of [true, true, false]) metrics.compared({ isEqual });
    const { value } = await scrape();
    expect([value('langevin_self_checks_total', { result: 'equal' }), value('langevin_self_checks_total', { result: 'different' })]).toEqual([2, 1]);
  });

  it('have names by the conventions, and are all in the documentation', async () => {
    const { cluster, reports, scrape } = start();
    cluster.start(['a']);
    reports.set('a', { memoryBytes: 1, threads: 1, leavesLeft: 0, stepMs: { compute: 1, exchange: 1, wait: 1 } });
    const page = readFileSync(join(__dirname, '../../../../docs/metrics.md'), 'utf8');
    const documented = new Set([...page.matchAll(/^\| `(langevin_\w+)/gm)].map(([, name]) => name));
    const own = (await scrape()).families.filter(({ name }) => name.startsWith('langevin_'));
    expect(own.map(({ name }) => name).sort()).toEqual([...documented].sort());
    for (const { name, type, help } of own) {
      expect([name, type === 'COUNTER' || type === 'counter']).toEqual([name, name.endsWith('_total')]);
      expect([name, help]).toEqual([name, expect.stringMatching(/\.$/)]);
    }
  });

  it('grow with the trainers that are attached, not with those that ever were', async () => {
    const { cluster, scrape } = start();
    cluster.attach('warm-up');
    const size = async () => (await scrape()).families.filter(({ name }) => name.startsWith('langevin_')).reduce((sum, { metrics }) => sum + metrics.length, 0);
    const before = await size();
    for (let i = 0; i < 50; i += 1) {
      cluster.attach(`spot-${i}`);
      cluster.decide({ type: 'trainerDetached', trainerId: `spot-${i}`, why: 'connection closed' });
    }
    expect(await size()).toBe(before);
  });
});
