import { routes } from '@langevin/contracts/api/routes';
import { askEarly } from '../api/early-answers.js';
import { endpointUrl } from '../api/endpoint-url.js';
import { windowQuery } from '../api/metric-window.js';
import { compareWindow } from '../features/compare/compare-window.js';
import { curvesWindow } from '../features/curves/curves-window.js';
import { pages } from './pages.js';
import { compareSearch, curvesSearch } from './search.js';

/** What a page begins with: its programs, and the answer that takes longest. */
interface Beginning {
  readonly programs: readonly (keyof typeof pages)[];
  /** Address of the answer. */
  readonly ask?: string;
}

/** What the page of an address begins with. */
export function beginningOf({ pathname, search }: Pick<Location, 'pathname' | 'search'>): Beginning {
  const [page = '', name, part] = pathname.split('/').slice(1);
  const fields = readSearch(search);
  if (page === 'compare') {
    const view = compareSearch(fields);
    return { programs: ['compare'], ...(view.runs && { ask: endpointUrl(routes.getMetrics.path, {}, { ...windowQuery(compareWindow(view)), runs: view.runs.join(',') }) }) };
  }
  if (page === 'runs' && name !== undefined && name !== '') {
    if (part === 'samples' || part === 'checkpoints' || part === 'spec') return { programs: ['run', part] };
    return { programs: ['run', 'curves'], ask: endpointUrl(routes.getRunMetrics.path, { run: decodeURIComponent(name) }, windowQuery(curvesWindow(curvesSearch(fields)))) };
  }
  if (page === 'models') return { programs: [name === undefined ? 'models' : 'model'] };
  if (page === 'nodes' || page === 'submit') return { programs: [page] };
  return { programs: ['runs'] };
}

/** Begins to load them, while the program around all pages is still being read. */
export function beginEarly(): void {
  const { programs, ask } = beginningOf(location);
  if (ask !== undefined) askEarly(ask);
  // The router asks for it again, and shows what is wrong.
  for (const program of programs) pages[program]().catch(() => undefined);
}

/** The values of an address, as the router writes them: JSON where it is some, text else. */
function readSearch(search: string): Readonly<Record<string, unknown>> {
  return Object.fromEntries([...new URLSearchParams(search)].map(([key, value]) => [key, readValue(value)]));
}

function readValue(value: string): unknown {
  try {
    return JSON.parse(value);
  } catch {
    // A plain word.
    return value;
  }
}
