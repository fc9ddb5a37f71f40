import { BootstrapError } from '../bootstrap/bootstrap-error.mjs';

/** What `npm test -- --help` prints. */
export const help = (checkNames, projectNames) => `Usage: npm test -- [projects] [--only checks]

Without arguments everything runs, chaos and e2e only where CI is set. Checks: ${checkNames.join(', ')}, unit (all projects).
Projects: ${projectNames.join(', ')}. e2e needs Chromium.

Examples:
  npm test -- rpc registry        the specs of two projects alone
  npm test -- --only lint,types   two checks alone
`;

function refuseUnknown(kind, names, known) {
  const unknown = names.find((name) => !known.includes(name));
  if (unknown !== undefined) throw new BootstrapError(`npm test: no ${kind} is called "${unknown}"; there are ${known.join(', ')}`);
}

/** Which checks and which projects' specs the arguments ask for, with what must run before them. */
export function parseOptions(args, { checkNames, usualChecks, projectNames, usualProjects, prerequisites }) {
  if (args.includes('--help') || args.includes('-h')) return { help: true };
  const at = args.indexOf('--only');
  const only = at < 0 ? [] : (args[at + 1] ?? '').split(',');
  const named = args.filter((_, index) => at < 0 || (index !== at && index !== at + 1));
  refuseUnknown('check', only, [...checkNames, 'unit']);
  refuseUnknown('project', named, projectNames);
  if (args.length === 0) return { help: false, checks: usualChecks, projects: usualProjects };

  const wanted = named.length > 0 ? [...only, 'unit'] : only;
  const all = new Set([...wanted, ...wanted.flatMap((name) => prerequisites[name] ?? [])]);
  const projects = named.length > 0 ? named : usualProjects;
  return { help: false, checks: checkNames.filter((name) => all.has(name)), projects: all.has('unit') ? projects : [] };
}
