import { runTool } from './run-tool.js';
import type { WheelPin } from './wheel-pins.js';

/** Flattens `tensorflow/` away and takes the named members only; the rest of the wheel is never written. */
const unpackScript = `
import os, shutil, sys, zipfile
wheel, target, libraries = sys.argv[1], sys.argv[2], sys.argv[3:]
wanted = {'tensorflow/' + name for name in libraries}
with zipfile.ZipFile(wheel) as archive:
    for member in archive.infolist():
        name = member.filename
        if member.is_dir() or not (name in wanted or name.startswith('tensorflow/include/')):
            continue
        wanted.discard(name)
        path = os.path.join(target, *name.split('/')[1:])
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with archive.open(member) as source, open(path, 'wb') as sink:
            shutil.copyfileobj(source, sink, 1 << 20)
if wanted:
    sys.exit('the wheel lacks ' + ', '.join(sorted(wanted)))
`;

/**
 * Unpacks the two libraries of a wheel, and the headers under `include/`, into `directory`.
 * @throws LangevinError when a library is missing or the disk fills up.
 */
export async function unpackWheel(wheel: string, pin: WheelPin, directory: string, signal?: AbortSignal): Promise<void> {
  await runTool('python3', ['-c', unpackScript, wheel, directory, ...pin.libraries], { signal });
}
