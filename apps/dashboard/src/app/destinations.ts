import type { ModelSummary, RunPhase, RunSummary } from '@langevin/contracts/api';

/** Where the palette can go. */
export type Destination =
  | { readonly kind: 'page'; readonly name: string; readonly to: '/runs' | '/models' | '/nodes' | '/submit' }
  | { readonly kind: 'run'; readonly name: string; readonly phase: RunPhase }
  | { readonly kind: 'model'; readonly name: string; readonly latest: number };

const pages: readonly Destination[] = [
  { kind: 'page', name: 'Runs', to: '/runs' },
  { kind: 'page', name: 'Models', to: '/models' },
  { kind: 'page', name: 'Nodes', to: '/nodes' },
  { kind: 'page', name: 'New job', to: '/submit' },
];

/** More would not be looked through. */
const mostRuns = 50;

/** What has the text in its name, pages before runs before models. */
export function findDestinations(text: string, runs: readonly RunSummary[], models: readonly ModelSummary[]): Destination[] {
  const wanted = text.trim().toLowerCase();
  const matches = ({ name }: { readonly name: string }) => name.toLowerCase().includes(wanted);
  return [
    ...pages.filter(matches),
    ...runs.filter(matches).slice(0, mostRuns).map(({ name, phase }) => ({ kind: 'run' as const, name, phase })),
    ...models.filter(matches).map(({ name, latest }) => ({ kind: 'model' as const, name, latest })),
  ];
}
