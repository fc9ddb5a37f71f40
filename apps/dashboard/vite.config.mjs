import tailwindcss from '@tailwindcss/vite';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

/** Names the font in the page itself, so that it is there with the first text. */
function preloadFont() {
  return {
    name: 'preload-font',
    transformIndexHtml: {
      order: 'post',
      handler: (_html, { bundle = {} }) =>
        Object.keys(bundle)
          .filter((file) => file.endsWith('.woff2'))
          .map((file) => ({ tag: 'link', attrs: { rel: 'preload', as: 'font', type: 'font/woff2', crossorigin: true, href: `/${file}` }, injectTo: 'head' })),
    },
  };
}

/** The built files lie in dist/app; the coordinator serves them as they are. `LANGEVIN_API` names a running server for `vite dev`. */
export default defineConfig({
  plugins: [react(), tailwindcss(), preloadFont()],
  resolve: { conditions: ['@langevin/source', 'module', 'browser', 'development|production', 'default'] },
  // The server puts a fresh nonce in its place, for libraries that make style elements.
  html: { cspNonce: '%CSP_NONCE%' },
  build: {
    outDir: 'dist/app',
    emptyOutDir: true,
    target: 'es2023',
    // A strict content security policy: nothing inline, so no data: URIs for assets either.
    assetsInlineLimit: 0,
    chunkSizeWarningLimit: 800,
  },
  server: { host: '127.0.0.1', proxy: { '/api': process.env.LANGEVIN_API ?? 'http://127.0.0.1:7434' } },
});
