/** The pages, each a program of its own that is loaded when it is first opened. */
export const pages = {
  runs: () => import('../features/runs/runs-page.js'),
  run: () => import('../features/run/run-layout.js'),
  curves: () => import('../features/curves/curves-page.js'),
  samples: () => import('../features/samples/samples-page.js'),
  checkpoints: () => import('../features/checkpoints/checkpoints-page.js'),
  spec: () => import('../features/run/spec-page.js'),
  compare: () => import('../features/compare/compare-page.js'),
  models: () => import('../features/models/models-page.js'),
  model: () => import('../features/models/model-page.js'),
  nodes: () => import('../features/nodes/nodes-page.js'),
  submit: () => import('../features/submit/submit-page.js'),
} as const;

/** What opens anywhere: programs of their own too. */
export const parts = {
  palette: () => import('./command-palette.js'),
  help: () => import('./help-dialog.js'),
  sample: () => import('../features/sample-now/sample-dialog.js'),
  theme: () => import('./theme-menu.js'),
} as const;

/** Loads what is not there yet, one after the other: it opens at once later, also when the coordinator has gone. */
export async function loadRemainingPages(): Promise<void> {
  for (const load of [...Object.values(parts), ...Object.values(pages)]) await load();
}
