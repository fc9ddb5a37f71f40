import { useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { Command } from 'cmdk';
import { useEffect, useRef, useState } from 'react';
import { modelsQuery, runsQuery } from '../api/queries.js';
import { PhaseBadge } from '../ui/phase-badge.js';

const itemClass = 'flex h-9 cursor-pointer items-center justify-between gap-3 rounded-md px-3 data-[selected=true]:bg-raised';
const groupClass = '[&_[cmdk-group-heading]]:px-3 [&_[cmdk-group-heading]]:pt-2 [&_[cmdk-group-heading]]:pb-1 [&_[cmdk-group-heading]]:text-xs [&_[cmdk-group-heading]]:text-ink-3';

const pages = [
  { to: '/runs', label: 'Runs' },
  { to: '/models', label: 'Models' },
  { to: '/nodes', label: 'Nodes' },
  { to: '/submit', label: 'New job' },
] as const;

/** Goes to a page, a run or a model by a few letters of its name. */
export function CommandPalette({ onClose }: { readonly onClose: () => void }) {
  const dialog = useRef<HTMLDialogElement>(null);
  const [search, setSearch] = useState('');
  const navigate = useNavigate();
  const runs = useQuery(runsQuery);
  const models = useQuery(modelsQuery);
  useEffect(() => dialog.current?.showModal(), []);
  const go = (way: Promise<void>) => {
    onClose();
    void way;
  };
  return (
    <dialog
      ref={dialog}
      aria-label="Go to a page, a run or a model"
      onClose={onClose}
      onClick={(event) => event.target === dialog.current && onClose()}
      className="mx-auto mt-[12vh] w-[calc(100vw-2rem)] max-w-lg overflow-hidden rounded-xl border border-line bg-surface p-0 text-ink shadow-2xl"
    >
      {/* It chooses the first match when it is made: made anew when there is more to choose from. */}
      <Command key={`${runs.isSuccess} ${models.isSuccess}`} label="Go to a page, a run or a model">
        <Command.Input autoFocus value={search} onValueChange={setSearch} placeholder="Page, run or model" className="h-11 w-full border-b border-line bg-transparent px-4 text-base placeholder:text-ink-3 focus-visible:outline-none" />
        <Command.List className="max-h-80 overflow-auto p-1.5">
          <Command.Empty className="px-3 py-6 text-center text-ink-3">Nothing has this name.</Command.Empty>
          <Command.Group heading="Pages" className={groupClass}>
            {pages.map(({ to, label }) => (
              <Command.Item key={to} className={itemClass} onSelect={() => go(navigate({ to }))}>
                {label}
              </Command.Item>
            ))}
          </Command.Group>
          <Command.Group heading="Runs" className={groupClass}>
            {runs.data?.map(({ name, phase }) => (
              <Command.Item key={name} value={`run ${name}`} className={itemClass} onSelect={() => go(navigate({ to: '/runs/$run', params: { run: name } }))}>
                <span className="truncate">{name}</span>
                <PhaseBadge phase={phase} />
              </Command.Item>
            ))}
          </Command.Group>
          <Command.Group heading="Models" className={groupClass}>
            {models.data?.map(({ name, latest }) => (
              <Command.Item key={name} value={`model ${name}`} className={itemClass} onSelect={() => go(navigate({ to: '/models/$model', params: { model: name } }))}>
                <span className="truncate">{name}</span>
                <span className="text-ink-3">version {latest}</span>
              </Command.Item>
            ))}
          </Command.Group>
        </Command.List>
      </Command>
    </dialog>
  );
}
