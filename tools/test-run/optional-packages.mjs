const systems = ['darwin', 'linux', 'win32', 'android', 'freebsd', 'openharmony'];
const processors = ['arm64', 'x64', 'arm', 'ia32', 'ppc64', 's390x', 'riscv64', 'loong64', 'wasm32'];

/**
 * The optional packages that a lockfile names as dependencies but does not hold, as name and entry. npm leaves those out that it
 * cannot load where the lockfile is written, and `npm ci` then refuses the lockfile everywhere.
 */
export function missingOptionalPackages(lock) {
  const missing = new Map();
  for (const [path, parent] of Object.entries(lock.packages)) {
    for (const [name, version] of Object.entries(parent.optionalDependencies ?? {})) {
      const places = [`node_modules/${name}`, `${path}/node_modules/${name}`];
      if (places.some((place) => place in lock.packages)) continue;
      missing.set(places[0], { version, ...platformOf(name), ...(parent.dev ? { dev: true } : {}), optional: true });
    }
  }
  return missing;
}

/** Platform packages say in their names what they are for; without that, npm would try to install them everywhere. */
function platformOf(name) {
  const tail = name.split('/').at(-1);
  const system = systems.find((one) => tail.includes(one));
  const processor = processors.find((one) => tail.includes(one));
  if (system === undefined || processor === undefined) throw new Error(`package-lock.json lacks ${name}, and its name tells no platform`);
  const libc = tail.endsWith('musl') ? { libc: ['musl'] } : tail.endsWith('gnu') ? { libc: ['glibc'] } : {};
  return { cpu: [processor], os: [system], ...libc };
}
