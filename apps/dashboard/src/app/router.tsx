import { Navigate, createRootRoute, createRoute, createRouter } from '@tanstack/react-router';
import { CheckpointsPage } from '../features/checkpoints/checkpoints-page.js';
import { ComparePage } from '../features/compare/compare-page.js';
import { CurvesPage } from '../features/curves/curves-page.js';
import { ModelPage } from '../features/models/model-page.js';
import { ModelsPage } from '../features/models/models-page.js';
import { NodesPage } from '../features/nodes/nodes-page.js';
import { RunLayout } from '../features/run/run-layout.js';
import { SpecPage } from '../features/run/spec-page.js';
import { RunsPage } from '../features/runs/runs-page.js';
import { SamplesPage } from '../features/samples/samples-page.js';
import { SubmitPage } from '../features/submit/submit-page.js';
import { NotFound } from './not-found.js';
import { compareSearch, curvesSearch, rootSearch, runsSearch, samplesSearch, submitSearch } from './search.js';
import { Shell } from './shell.js';

const root = createRootRoute({ component: Shell, notFoundComponent: NotFound, validateSearch: rootSearch });
const home = createRoute({ getParentRoute: () => root, path: '/', component: () => <Navigate to="/runs" replace /> });
const runs = createRoute({ getParentRoute: () => root, path: '/runs', component: RunsPage, validateSearch: runsSearch });
const run = createRoute({ getParentRoute: () => root, path: '/runs/$run', component: RunLayout });
const curves = createRoute({ getParentRoute: () => run, path: '/', component: CurvesPage, validateSearch: curvesSearch });
const samples = createRoute({ getParentRoute: () => run, path: '/samples', component: SamplesPage, validateSearch: samplesSearch });
const checkpoints = createRoute({ getParentRoute: () => run, path: '/checkpoints', component: CheckpointsPage });
const spec = createRoute({ getParentRoute: () => run, path: '/spec', component: SpecPage });
const compare = createRoute({ getParentRoute: () => root, path: '/compare', component: ComparePage, validateSearch: compareSearch });
const models = createRoute({ getParentRoute: () => root, path: '/models', component: ModelsPage });
const model = createRoute({ getParentRoute: () => root, path: '/models/$model', component: ModelPage });
const nodes = createRoute({ getParentRoute: () => root, path: '/nodes', component: NodesPage });
const submit = createRoute({ getParentRoute: () => root, path: '/submit', component: SubmitPage, validateSearch: submitSearch });

const tree = root.addChildren([home, runs, run.addChildren([curves, samples, checkpoints, spec]), compare, models, model, nodes, submit]);

/** The pages and their addresses. */
export function createAppRouter() {
  return createRouter({ routeTree: tree, defaultPreload: 'intent', scrollRestoration: true });
}

declare module '@tanstack/react-router' {
  interface Register {
    router: ReturnType<typeof createAppRouter>;
  }
}
