import type { Command } from 'commander';
import type { IssuedCertificate } from '@langevin/certificates';
import { type CommonOptions, wholeNumber } from '../common-options.js';
import { createOutput } from '../output.js';

const defaultFolder = '.langevin/tls';

interface CertsOptions extends CommonOptions {
  readonly out: string;
  readonly host: readonly string[];
  readonly days: number;
}

/** `langevin certs`: a private authority, and certificates for the members of a cluster. */
export function registerCerts(program: Command): void {
  program
    .command('certs')
    .description('make certificates for a cluster that speaks TLS, and a private authority at the first call')
    .option('--out <folder>', 'folder of the authority and of the certificate', defaultFolder)
    .option('--host <names...>', 'how others dial the members; localhost is always there', [])
    .option('--days <n>', 'days for which the certificate holds', wholeNumber(1, 3650), 365)
    .option('--json', 'print one JSON value instead of text')
    .addHelpText('after', '\nExamples:\n  $ langevin certs --host head.example 10.0.0.5\n  $ langevin certs --out tls --days 90')
    .action(async (options: CertsOptions) => {
      // Only here: its ASN.1 schemas take longer to load than other commands run.
      const { issueCertificate } = await import('@langevin/certificates');
      const issued = await issueCertificate({ folder: options.out, hosts: options.host, days: options.days, now: new Date() });
      createOutput(options.json ?? false).result(issued, describe(issued));
    });
}

function describe({ folder, hosts, authorityCreated, authorityExpires, expires, replacedExpires }: IssuedCertificate): string {
  const authority = authorityCreated ? 'made a private authority' : 'kept the private authority';
  const replaced = replacedExpires === null ? '' : `, in the place of one until ${day(replacedExpires)}`;
  return [
    `${authority}: ${folder}/ca.pem, until ${day(authorityExpires)}`,
    `made a certificate: ${folder}/cert.pem, until ${day(expires)}${replaced}`,
    `  for           ${hosts.join(', ')}`,
    `  coordinator   langevin up --tls ${folder} --host ADDRESS`,
    `  each trainer  copy ca.pem, cert.pem and key.pem there; langevin trainer --coordinator HOST:PORT --token-file FILE --tls FOLDER --host ADDRESS`,
    `  ${folder}/ca.key stays here: whoever has it can make members of this cluster`,
  ].join('\n');
}

function day(date: Date): string {
  return date.toISOString().slice(0, 10);
}
