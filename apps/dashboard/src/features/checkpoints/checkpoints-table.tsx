import type { CheckpointInfo } from '@langevin/contracts/api';
import { useWindowVirtualizer } from '@tanstack/react-virtual';
import { useRef } from 'react';
import { classNames } from '../../ui/class-names.js';
import { headClass, tableClass } from '../../ui/table-classes.js';
import type { CheckpointAction } from './checkpoint-menu.js';
import { CheckpointRow } from './checkpoint-row.js';

const rowHeight = 40;

const heads = [
  { label: 'Step', className: 'w-24 text-right' },
  { label: 'Loss', className: 'hidden w-24 text-right sm:table-cell' },
  { label: 'Images seen', className: 'hidden w-28 text-right lg:table-cell' },
  { label: 'Size', className: 'hidden w-24 text-right md:table-cell' },
  { label: 'Digest', className: 'hidden w-44 lg:table-cell' },
  { label: 'Versions', className: 'w-auto' },
  { label: 'Integrity', className: 'w-28 sm:w-36' },
] as const;

/** Properties of the table. */
export interface CheckpointsTableProps {
  readonly checkpoints: readonly CheckpointInfo[];
  readonly onAction: (action: CheckpointAction, checkpoint: CheckpointInfo) => void;
}

/** Checkpoints, newest first; only the rows in view are in the document. */
export function CheckpointsTable({ checkpoints, onAction }: CheckpointsTableProps) {
  const table = useRef<HTMLTableElement>(null);
  const rows = useWindowVirtualizer({
    count: checkpoints.length,
    estimateSize: () => rowHeight,
    overscan: 12,
    scrollMargin: table.current?.offsetTop ?? 0,
    getItemKey: (index) => checkpoints[index]?.digest ?? index,
  });
  const items = rows.getVirtualItems();
  const above = (items[0]?.start ?? 0) - (items.length > 0 ? rows.options.scrollMargin : 0);
  const below = rows.getTotalSize() - above - items.length * rowHeight;
  return (
    <table ref={table} className={`${tableClass} table-fixed`} aria-rowcount={checkpoints.length + 1}>
      <thead>
        <tr>
          {heads.map(({ label, className }) => (
            <th key={label} scope="col" className={classNames(headClass, className)}>
              {label}
            </th>
          ))}
          <th scope="col" className={`${headClass} w-12`}>
            <span className="sr-only">Actions</span>
          </th>
        </tr>
      </thead>
      <tbody>
        {above > 0 && <tr aria-hidden="true" style={{ height: above }} />}
        {items.map(({ index }) => {
          const checkpoint = checkpoints[index];
          return checkpoint && <CheckpointRow key={checkpoint.digest} checkpoint={checkpoint} index={index} onAction={onAction} />;
        })}
        {below > 0 && <tr aria-hidden="true" style={{ height: below }} />}
      </tbody>
    </table>
  );
}
