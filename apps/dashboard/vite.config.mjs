import tailwindcss from '@tailwindcss/vite';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

/** Names in the page itself what is needed first: the font, so that it is there with the first text, and the program around all pages. */
function preloadFirst() {
  return {
    name: 'preload-first',
    transformIndexHtml: {
      order: 'post',
      handler: (html, { bundle = {} }) => {
        const fonts = Object.keys(bundle).filter((file) => file.endsWith('.woff2'));
        const main = Object.values(bundle).find((chunk) => chunk.type === 'chunk' && chunk.moduleIds.some((id) => id.endsWith('/src/main.tsx')));
        const scripts = main ? [main.fileName, ...main.imports].filter((file) => !html.includes(file)) : [];
        return [
          ...scripts.map((file) => ({ tag: 'link', attrs: { rel: 'modulepreload', crossorigin: true, href: `/${file}` }, injectTo: 'head' })),
          ...fonts.map((file) => ({ tag: 'link', attrs: { rel: 'preload', as: 'font', type: 'font/woff2', crossorigin: true, href: `/${file}` }, injectTo: 'head' })),
        ];
      },
    },
  };
}

const early = /vite\/preload-helper|rolldown\/runtime|\/contracts\/src\/api\/routes|\/dashboard\/src\/(?:early|theme\/(?:page-theme|theme-store)|app\/(?:begin-early|pages|search|search-field)|api\/(?:early-answers|endpoint-url|metric-window)|features\/(?:curves\/(?:curves-window|metric-titles)|compare\/compare-window))\.ts$/;
const frame = /\/node_modules\/(?:(?:react|react-dom|scheduler|use-sync-external-store|lucide-react)\/|@tanstack\/(?!.*virtual))|\/dashboard\/src\/(?:main\.tsx|(?:api|app|dialogs|format|shortcuts|theme|ui)\/)/;
const later = /\/app\/(?:command-palette|help-dialog|theme-menu)\.tsx$/;

/** Few files, each with what is needed together, the first ones first; a page of its own is the rest. What a file needs goes with it, unless it is in one before. */
const groups = [
  { name: 'early', test: early },
  { name: 'frame', test: (id) => frame.test(id) && !later.test(id) },
  { name: 'schemas', test: /\/node_modules\/zod\/|\/contracts\/src\// },
  { name: 'charts', test: /\/node_modules\/uplot\/|\/dashboard\/src\/charts\// },
  { name: 'tables', test: /\/node_modules\/@tanstack\/.*virtual/ },
  { name: 'menus', test: /\/node_modules\/(?:@radix-ui|@floating-ui|cmdk)/ },
].map((group, index, all) => ({ ...group, priority: all.length - index }));

/** The built files lie in dist/app; the coordinator serves them as they are. `LANGEVIN_API` names a running server for `vite dev`. */
export default defineConfig({
  plugins: [react(), tailwindcss(), preloadFirst()],
  resolve: { conditions: ['@langevin/source', 'module', 'browser', 'development|production', 'default'] },
  // The server puts a fresh nonce in its place, for libraries that make style elements.
  html: { cspNonce: '%CSP_NONCE%' },
  build: {
    outDir: 'dist/app',
    emptyOutDir: true,
    target: 'es2023',
    // A strict content security policy: nothing inline, so no data: URIs for assets either.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    rolldownOptions: { output: { codeSplitting: { groups } } },
  },
  server: { host: '127.0.0.1', proxy: { '/api': process.env.LANGEVIN_API ?? 'http://127.0.0.1:7434' } },
});
