import { Navigate, createRootRoute, createRoute, createRouter, lazyRouteComponent } from '@tanstack/react-router';
import { NotFound } from './not-found.js';
import { PageError } from './page-error.js';
import { pages } from './pages.js';
import { compareSearch, curvesSearch, rootSearch, runsSearch, samplesSearch, submitSearch } from './search.js';
import { Shell } from './shell.js';

const root = createRootRoute({ component: Shell, notFoundComponent: NotFound, validateSearch: rootSearch });
const home = createRoute({ getParentRoute: () => root, path: '/', component: () => <Navigate to="/runs" replace /> });
const runs = createRoute({ getParentRoute: () => root, path: '/runs', component: lazyRouteComponent(pages.runs, 'RunsPage'), validateSearch: runsSearch });
const run = createRoute({ getParentRoute: () => root, path: '/runs/$run', component: lazyRouteComponent(pages.run, 'RunLayout') });
const curves = createRoute({ getParentRoute: () => run, path: '/', component: lazyRouteComponent(pages.curves, 'CurvesPage'), validateSearch: curvesSearch });
const samples = createRoute({ getParentRoute: () => run, path: '/samples', component: lazyRouteComponent(pages.samples, 'SamplesPage'), validateSearch: samplesSearch });
const checkpoints = createRoute({ getParentRoute: () => run, path: '/checkpoints', component: lazyRouteComponent(pages.checkpoints, 'CheckpointsPage') });
const spec = createRoute({ getParentRoute: () => run, path: '/spec', component: lazyRouteComponent(pages.spec, 'SpecPage') });
const compare = createRoute({ getParentRoute: () => root, path: '/compare', component: lazyRouteComponent(pages.compare, 'ComparePage'), validateSearch: compareSearch });
const models = createRoute({ getParentRoute: () => root, path: '/models', component: lazyRouteComponent(pages.models, 'ModelsPage') });
const model = createRoute({ getParentRoute: () => root, path: '/models/$model', component: lazyRouteComponent(pages.model, 'ModelPage') });
const nodes = createRoute({ getParentRoute: () => root, path: '/nodes', component: lazyRouteComponent(pages.nodes, 'NodesPage') });
const submit = createRoute({ getParentRoute: () => root, path: '/submit', component: lazyRouteComponent(pages.submit, 'SubmitPage'), validateSearch: submitSearch });

const tree = root.addChildren([home, runs, run.addChildren([curves, samples, checkpoints, spec]), compare, models, model, nodes, submit]);

/** The pages and their addresses. */
export function createAppRouter() {
  return createRouter({ routeTree: tree, defaultPreload: 'intent', scrollRestoration: true, defaultErrorComponent: PageError });
}

declare module '@tanstack/react-router' {
  interface Register {
    router: ReturnType<typeof createAppRouter>;
  }
}
