import type { CheckpointInfo } from '@langevin/contracts/api';
import { Download } from 'lucide-react';
import { checkpointFile } from '../../api/pictures.js';
import { formatBytes, formatCount, formatValue, shortDigest } from '../../format/numbers.js';
import { CopyText } from '../../ui/copy-text.js';
import { Dialog } from '../../ui/dialog.js';

/** Properties of the dialog. */
export interface FilesDialogProps {
  readonly checkpoint: CheckpointInfo;
  readonly onClose: () => void;
}

/** The files of a checkpoint, each to be downloaded, and the digests that say what they are. */
export function FilesDialog({ checkpoint, onClose }: FilesDialogProps) {
  const { digest, step, scheduleDigest, files, metrics = {} } = checkpoint;
  return (
    <Dialog title={`Checkpoint of step ${formatCount(step)}`} onClose={onClose}>
      <ul className="mb-4 flex flex-col divide-y divide-line">
        {files.map(({ path, role, size }) => (
          <li key={path} className="flex items-center gap-3 py-1.5">
            <span className="min-w-0 grow">
              <span className="block truncate font-medium">{path}</span>
              <span className="text-xs text-ink-3">
                {role}, {formatBytes(size)}
              </span>
            </span>
            <a href={checkpointFile(digest, path)} download aria-label={`Download ${path}`} className="inline-flex size-7 items-center justify-center rounded-md text-ink-2 hover:bg-raised hover:text-ink">
              <Download size={16} aria-hidden />
            </a>
          </li>
        ))}
      </ul>
      <dl className="grid grid-cols-[auto_minmax(0,1fr)] items-center gap-x-4 gap-y-1">
        <dt className="text-ink-3">Manifest</dt>
        <dd>
          <CopyText what="digest of the manifest" text={digest} shown={shortDigest(digest)} />
        </dd>
        <dt className="text-ink-3">Schedule</dt>
        <dd>
          <CopyText what="digest of the schedule" text={scheduleDigest} shown={shortDigest(scheduleDigest)} />
        </dd>
        {Object.entries(metrics).map(([name, value]) => (
          <div key={name} className="contents">
            <dt className="text-ink-3">{name}</dt>
            <dd>{typeof value === 'number' ? formatValue(value) : JSON.stringify(value)}</dd>
          </div>
        ))}
      </dl>
    </Dialog>
  );
}
