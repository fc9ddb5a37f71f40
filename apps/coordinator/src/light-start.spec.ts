import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

/** CommonJS packages that a fresh process has loaded after it imported these built modules of the coordinator. */
function loadedBy(...modules: string[]): string[] {
  const urls = modules.map((name) => pathToFileURL(join(__dirname, '../dist', name)).href);
  const program = `for (const url of ${JSON.stringify(urls)}) await import(url);
    const { createRequire } = await import('node:module');
    console.log(JSON.stringify(Object.keys(createRequire(${JSON.stringify(urls[0])}).cache)));`;
  const paths = JSON.parse(execFileSync(process.execPath, ['--input-type=module', '-e', program], { encoding: 'utf8' })) as string[];
  return [...new Set(paths.map((path) => /.*node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(path)?.[1] ?? path))];
}

describe('a coordinator that starts', () => {
  // Its trainers wait for it: what it loads is most of what they wait for on a busy machine.
  it('loads no tensor runtime, and the HTTP API only where it is asked for', () => {
    const loaded = loadedBy('coordinator.js');
    expect(loaded).toContain('@grpc/grpc-js');
    expect(loaded.filter((name) => name.startsWith('@tensorflow/') || name === 'fastify')).toEqual([]);
    const withHttp = loadedBy('coordinator.js', 'http/start-http.js');
    expect(withHttp).toContain('fastify');
    expect(withHttp.filter((name) => name.startsWith('@tensorflow/'))).toEqual([]);
  });
});
