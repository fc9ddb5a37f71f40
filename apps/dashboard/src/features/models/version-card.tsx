import type { ModelDetail, ModelVersionInfo } from '@langevin/contracts/api';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { formatCount, formatValue, shortDigest } from '../../format/numbers.js';
import { formatTime } from '../../format/times.js';
import { Button } from '../../ui/button.js';
import { CopyText } from '../../ui/copy-text.js';
import { AliasTag } from './alias-tag.js';

/** Properties of the card. */
export interface VersionCardProps {
  readonly model: ModelDetail;
  readonly version: ModelVersionInfo;
  readonly onPromote: () => void;
}

/** One version: what points at it, where it comes from, how good it is. */
export function VersionCard({ model, version, onPromote }: VersionCardProps) {
  const aliases = model.aliases.filter((alias) => alias.version === version.version);
  return (
    <li className="border-b border-line px-3 py-3 last:border-b-0">
      <div className="flex flex-wrap items-center gap-2">
        <h3 className="font-semibold">Version {version.version}</h3>
        {aliases.map(({ alias }) => (
          <AliasTag key={alias} alias={alias} />
        ))}
        <Button className="ml-auto" aria-label={`Promote version ${version.version}`} onClick={onPromote}>
          Promote…
        </Button>
      </div>
      {version.note !== undefined && <p className="mt-1 text-ink-2">{version.note}</p>}
      <dl className="mt-2 grid grid-cols-[auto_minmax(0,1fr)] items-center gap-x-4 gap-y-0.5 sm:grid-cols-[auto_minmax(0,1fr)_auto_minmax(0,1fr)]">
        <Fact name="From">
          <Link to="/runs/$run/checkpoints" params={{ run: version.run }} className="hover:text-accent hover:underline">
            {version.run}
          </Link>
          , step {formatCount(version.step)}
        </Fact>
        <Fact name="Registered">
          {formatTime(version.createdAt)} by {version.actor}
        </Fact>
        <Fact name="Checkpoint">
          <CopyText what="digest of the checkpoint" text={version.checkpoint} shown={shortDigest(version.checkpoint)} />
        </Fact>
        <Fact name="Schedule">
          <CopyText what="digest of the schedule" text={version.scheduleDigest} shown={shortDigest(version.scheduleDigest)} />
        </Fact>
        <Fact name="Dataset">
          <CopyText what="digest of the dataset" text={version.lineage.datasetDigest} shown={shortDigest(version.lineage.datasetDigest)} />
        </Fact>
        <Fact name="Spec">
          <CopyText what="digest of the spec" text={version.lineage.specDigest} shown={shortDigest(version.lineage.specDigest)} />
        </Fact>
        {version.license !== undefined && <Fact name="Licence">{version.license}</Fact>}
        {Object.entries(version.metrics).map(([name, value]) => (
          <Fact key={name} name={name}>
            {typeof value === 'number' ? formatValue(value) : JSON.stringify(value)}
          </Fact>
        ))}
      </dl>
    </li>
  );
}

function Fact({ name, children }: { readonly name: string; readonly children: ReactNode }) {
  return (
    <>
      <dt className="text-ink-3">{name}</dt>
      <dd className="min-w-0 truncate">{children}</dd>
    </>
  );
}
