import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { temporaryFolder } from '@langevin/testing';
import parsePrometheusTextFormat from 'parse-prometheus-text-format';
import { langevin } from './testing/run-langevin.js';
import { reachesStep, startClusterWithDigits } from './testing/test-cluster.js';
import { writeTinyJob } from './testing/tiny-job.js';

jest.setTimeout(600_000);

interface Family {
  readonly name: string;
  readonly metrics: readonly { readonly value?: string; readonly count?: string; readonly labels?: Readonly<Record<string, string>> }[];
}

/** What Prometheus would read, by its configuration in docs/metrics.md. */
async function scrape(dataDir: string) {
  const read = (file: string): string => readFileSync(join(dataDir, file), 'utf8');
  const { http } = JSON.parse(read('coordinator.json')) as { http: string }; // The coordinator has written it.
  const answer = await fetch(`${http}/metrics`, { headers: { authorization: `Bearer ${read('token').trim()}` } });
  const families = parsePrometheusTextFormat(await answer.text()) as readonly Family[]; // What it gives, by its documentation.
  return (name: string, labels: Readonly<Record<string, string>> = {}): number => {
    const found = families.find((family) => family.name === name)?.metrics.filter((metric) => Object.entries(labels).every(([label, value]) => metric.labels?.[label] === value));
    return found?.length === 1 ? Number(found[0]?.value ?? found[0]?.count) : NaN;
  };
}

describe('a real run', () => {
  it('moves the counters that Prometheus scrapes', async () => {
    await using folder = await temporaryFolder();
    await using cluster = await startClusterWithDigits(folder.path, 2);
    const job = writeTinyJob(folder.path, { steps: 40, everySteps: 20, trainers: 2 });
    expect((await langevin(['job', 'submit', job, '--data-dir', folder.path])).code).toBe(0);
    await reachesStep(cluster, 'tiny', 10);
    const during = await scrape(folder.path);
    const steps = during('langevin_steps_committed_total');
    expect(steps).toBeGreaterThanOrEqual(10);
    for (const trainer of ['trainer-1', 'trainer-2']) {
      expect(during('langevin_trainer_leaves', { trainer, job: 'tiny' })).toBe(4);
      expect(during('langevin_trainer_memory_bytes', { trainer })).toBeGreaterThan(50e6);
      expect(during('langevin_trainer_last_step_seconds', { trainer, part: 'compute' })).toBeGreaterThan(0);
    }
    await reachesStep(cluster, 'tiny', 40);
    const after = await scrape(folder.path);
    expect([after('langevin_steps_committed_total'), after('langevin_images_trained_total'), after('langevin_step_duration_seconds')]).toEqual([40, 40 * 16, 40]);
    expect(after('langevin_trainers_joined_total', { reason: 'start' })).toBe(2);
    expect(after('langevin_messages_sent_total', { type: 'commit' })).toBeGreaterThanOrEqual(80);
    expect(after('langevin_messages_received_total', { type: 'prepared' })).toBeGreaterThanOrEqual(80);
    expect(after('langevin_coordinator_decide_seconds_total')).toBeGreaterThan(during('langevin_coordinator_decide_seconds_total'));
    expect(after('langevin_coordinator_term')).toBe(1);
    await cluster.stop();
  });
});
