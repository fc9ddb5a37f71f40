import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execute, interopPython } from './environment.mjs';

/** pandas and DuckDB read the curves of a run, and schemathesis tries the HTTP API of a coordinator on the same store. */
export function checkApi(root) {
  const python = interopPython('requirements-api.txt', ['duckdb', 'pandas', 'schemathesis'], '80 MB to download, 400 MB on disk');
  execute(process.execPath, [join(root, 'node_modules', 'typescript', 'bin', 'tsc'), '--build', join(root, 'apps', 'cli', 'tsconfig.lib.json'), join(root, 'apps', 'coordinator', 'tsconfig.lib.json')]);
  const folder = mkdtempSync(join(tmpdir(), 'langevin-interop-api-'));
  try {
    execute(process.execPath, [join(root, 'tools', 'interop', 'write-run.mjs'), folder]);
    execute(python, [join(root, 'tools', 'interop', 'check-curves.py'), join(folder, 'store')]);
    const document = JSON.parse(readFileSync(join(root, 'libs', 'contracts', 'src', 'gen', 'open-api.json'), 'utf8'));
    // A stream does not end; its own specs try it.
    delete document.paths['/api/v1/events'];
    writeFileSync(join(folder, 'open-api.json'), JSON.stringify(document));
    execute(process.execPath, [join(root, 'tools', 'interop', 'fuzz-api.mjs'), root, folder, python], { cwd: folder });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
