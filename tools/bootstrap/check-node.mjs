// Old Nodes must be able to read this file, to be told that they are old: no syntax newer than 2018 here.

/** Whether Langevin runs on this Node: 20.20 and later 20s, 22.12 and later, anything newer. Node 21 lacks zlib.crc32. */
export function isNodeSupported(version) {
  const [major, minor] = version.replace(/^v/, '').split('.').map(Number);
  if (major === 20) return minor >= 20;
  if (major === 22) return minor >= 12;
  return major > 22;
}

/** Ends the process with one line when this Node is not supported. */
export function checkNode() {
  if (isNodeSupported(process.versions.node)) return;
  process.stderr.write(
    `✗ Node ${process.versions.node} does not run Langevin: it needs 20.20, 22.12 or newer (tested: 20, 22, 24). ` +
      'Mend it with: nvm install 22   (or take it from https://nodejs.org)\n',
  );
  process.exit(1);
}
