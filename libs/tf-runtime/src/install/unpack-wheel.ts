import { runTool } from './run-tool.js';

/** Takes the named members of one folder only; the rest of the wheel is never written. */
const unpackScript = `
import os, shutil, sys, zipfile
wheel, target, source, members = sys.argv[1], sys.argv[2], sys.argv[3] + '/', sys.argv[4:]
folders = tuple(name for name in members if name.endswith('/'))
wanted = {name for name in members if not name.endswith('/')}
with zipfile.ZipFile(wheel) as archive:
    for member in archive.infolist():
        name = member.filename[len(source):]
        if member.is_dir() or not member.filename.startswith(source) or not (name in wanted or name.startswith(folders)):
            continue
        wanted.discard(name)
        path = os.path.join(target, *name.split('/'))
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with archive.open(member) as source_file, open(path, 'wb') as sink:
            shutil.copyfileobj(source_file, sink, 1 << 20)
        if name.startswith('bin/'):
            os.chmod(path, 0o755)
if wanted:
    sys.exit('the wheel lacks ' + ', '.join(sorted(wanted)))
`;

/** What is taken out of a wheel. */
export interface WheelContents {
  /** A folder of the wheel, such as "tensorflow"; its place becomes the target. */
  readonly source: string;
  /** Paths of files in it; one that ends in "/" stands for everything in that folder. */
  readonly members: readonly string[];
}

/**
 * Unpacks a part of a wheel into `directory`. What lies in a `bin` may be run.
 * @throws LangevinError when a file is missing or the disk fills up.
 */
export async function unpackWheel(wheel: string, { source, members }: WheelContents, directory: string, signal?: AbortSignal): Promise<void> {
  await runTool('python3', ['-c', unpackScript, wheel, directory, source, ...members], { signal });
}
