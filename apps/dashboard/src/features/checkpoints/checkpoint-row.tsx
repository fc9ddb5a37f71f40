import type { CheckpointInfo } from '@langevin/contracts/api';
import { Link } from '@tanstack/react-router';
import { formatBytes, formatCount, formatValue, shortDigest } from '../../format/numbers.js';
import { CopyText } from '../../ui/copy-text.js';
import { cellClass } from '../../ui/table-classes.js';
import { CheckpointMenu } from './checkpoint-menu.js';
import type { CheckpointAction } from './checkpoint-menu.js';
import { VerifyButton } from './verify-button.js';

/** Properties of a row. */
export interface CheckpointRowProps {
  readonly checkpoint: CheckpointInfo;
  readonly index: number;
  readonly onAction: (action: CheckpointAction, checkpoint: CheckpointInfo) => void;
}

/** A checkpoint in the table. */
export function CheckpointRow({ checkpoint, index, onAction }: CheckpointRowProps) {
  const { digest, step, loss, samplesSeen, bytes, versions } = checkpoint;
  return (
    <tr aria-rowindex={index + 2} className="h-10 hover:bg-raised">
      <th scope="row" className={`${cellClass} text-right font-medium`}>
        {formatCount(step)}
      </th>
      <td className={`${cellClass} hidden text-right sm:table-cell`}>{loss === null ? '–' : formatValue(loss)}</td>
      <td className={`${cellClass} hidden text-right lg:table-cell`}>{formatCount(samplesSeen)}</td>
      <td className={`${cellClass} hidden text-right md:table-cell`}>{formatBytes(bytes)}</td>
      <td className={`${cellClass} hidden lg:table-cell`}>
        <CopyText what={`digest of step ${step}`} text={digest} shown={shortDigest(digest)} />
      </td>
      <td className={`${cellClass} max-w-0 truncate`}>
        {versions.map(({ model, version, aliases }) => (
          <Link key={`${model}:${version}`} to="/models/$model" params={{ model }} className="mr-2 hover:text-accent hover:underline">
            {model}:{version}
            {aliases.map((alias) => (
              <span key={alias} className="ml-1 rounded bg-accent-soft px-1 text-xs text-accent">
                {alias}
              </span>
            ))}
          </Link>
        ))}
      </td>
      <td className={cellClass}>
        <VerifyButton digest={digest} step={step} />
      </td>
      <td className={`${cellClass} !px-1.5`}>
        <CheckpointMenu checkpoint={checkpoint} onAction={onAction} />
      </td>
    </tr>
  );
}
