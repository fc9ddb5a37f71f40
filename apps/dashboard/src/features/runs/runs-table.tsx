import type { RunSummary } from '@langevin/contracts/api';
import { useNavigate } from '@tanstack/react-router';
import { useWindowVirtualizer } from '@tanstack/react-virtual';
import { ArrowDown, ArrowUp } from 'lucide-react';
import { useRef } from 'react';
import { useShortcut } from '../../shortcuts/use-shortcut.js';
import { classNames } from '../../ui/class-names.js';
import { headClass, tableClass } from '../../ui/table-classes.js';
import { columns } from './run-columns.js';
import { RunRow } from './run-row.js';
import { toggleSort } from './sort-runs.js';
import type { RunSort, RunSortKey } from './sort-runs.js';

/** Pixels; every row has it, so that none has to be measured. */
const rowHeight = 40;

/** Properties of the table. */
export interface RunsTableProps {
  readonly runs: readonly RunSummary[];
  readonly sort: RunSort;
  /** Names of the runs to compare. */
  readonly picked: readonly string[];
  readonly onPick: (name: string) => void;
}

/** The runs, a row each. Only the rows in view are in the document: a thousand runs scroll like ten. */
export function RunsTable({ runs, sort, picked, onPick }: RunsTableProps) {
  const table = useRef<HTMLTableElement>(null);
  const navigate = useNavigate({ from: '/runs' });
  const rows = useWindowVirtualizer({
    count: runs.length,
    estimateSize: () => rowHeight,
    overscan: 12,
    scrollMargin: table.current?.offsetTop ?? 0,
    getItemKey: (index) => runs[index]?.name ?? index,
  });
  useRowKeys(runs.length, (index) => {
    rows.scrollToIndex(index);
    requestAnimationFrame(() => table.current?.querySelector<HTMLElement>(`[data-row="${index}"]`)?.focus());
  });
  const items = rows.getVirtualItems();
  const above = (items[0]?.start ?? 0) - (items.length > 0 ? rows.options.scrollMargin : 0);
  const below = rows.getTotalSize() - above - items.length * rowHeight;
  return (
    <table ref={table} className={`${tableClass} table-fixed`} aria-rowcount={runs.length + 1}>
      <thead>
        <tr>
          <th scope="col" className={`${headClass} hidden w-10 !pr-0 md:table-cell`}>
            <span className="sr-only">Compare</span>
          </th>
          {columns.map(({ label, sortKey, className, numeric }) => (
            <th key={label} scope="col" aria-sort={ariaSort(sort, sortKey)} className={classNames(headClass, className, numeric && 'text-right')}>
              {sortKey === undefined ? (
                label
              ) : (
                <SortButton label={label} sort={sort} sortKey={sortKey} onSort={(next) => void navigate({ search: (old) => ({ ...old, sort: next }), replace: true })} />
              )}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {above > 0 && <tr aria-hidden="true" style={{ height: above }} />}
        {items.map(({ index }) => {
          const run = runs[index];
          return run && <RunRow key={run.name} run={run} index={index} picked={picked.includes(run.name)} onPick={onPick} />;
        })}
        {below > 0 && <tr aria-hidden="true" style={{ height: below }} />}
      </tbody>
    </table>
  );
}

interface SortButtonProps {
  readonly label: string;
  readonly sort: RunSort;
  readonly sortKey: RunSortKey;
  readonly onSort: (next: RunSort) => void;
}

function SortButton({ label, sort, sortKey, onSort }: SortButtonProps) {
  const direction = ariaSort(sort, sortKey);
  const Arrow = direction === 'ascending' ? ArrowUp : ArrowDown;
  return (
    <button type="button" onClick={() => onSort(toggleSort(sort, sortKey))} className="inline-flex h-6 items-center gap-1 rounded hover:text-ink">
      {label}
      <Arrow size={12} aria-hidden className={direction === undefined ? 'opacity-0' : 'text-ink'} />
    </button>
  );
}

function ariaSort(sort: RunSort, key: RunSortKey | undefined): 'ascending' | 'descending' | undefined {
  if (key === undefined) return undefined;
  if (sort === key) return 'ascending';
  return sort === `-${key}` ? 'descending' : undefined;
}

/** j and k move the focus from row to row. */
function useRowKeys(count: number, focus: (index: number) => void): void {
  const current = () => Number((document.activeElement as HTMLElement | null)?.dataset['row'] ?? -1); // only rows have it
  useShortcut('j', 'Next run', () => focus(Math.min(count - 1, current() + 1)));
  useShortcut('k', 'Run before', () => focus(Math.max(0, current() - 1)));
}
