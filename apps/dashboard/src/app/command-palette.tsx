import { useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { Command } from 'cmdk';
import { useLayoutEffect, useRef, useState } from 'react';
import { modelsQuery, runsQuery } from '../api/queries.js';
import { PhaseBadge } from '../ui/phase-badge.js';
import { paletteClass, paletteInputClass } from './palette-classes.js';
import { findDestinations } from './destinations.js';
import type { Destination } from './destinations.js';

const groups = [
  { kind: 'page', heading: 'Pages' },
  { kind: 'run', heading: 'Runs' },
  { kind: 'model', heading: 'Models' },
] as const;

const keyOf = ({ kind, name }: Destination) => `${kind} ${name.toLowerCase()}`;

/** Properties of the palette. */
export interface CommandPaletteProps {
  /** What is looked for. */
  readonly text: string;
  readonly onText: (text: string) => void;
  readonly onClose: () => void;
}

/** Goes to a page, a run or a model by a few letters of its name. */
export function CommandPalette({ text, onText, onClose }: CommandPaletteProps) {
  const dialog = useRef<HTMLDialogElement>(null);
  const [chosen, setChosen] = useState('');
  const go = useGo();
  const { data: runs = [] } = useQuery(runsQuery);
  const { data: models = [] } = useQuery(modelsQuery);
  useLayoutEffect(() => {
    dialog.current?.showModal();
    // The browser focuses the first thing that can have it, which is not the input.
    const input = dialog.current?.querySelector('input');
    input?.focus();
    input?.setSelectionRange(input.value.length, input.value.length);
  }, []);
  const found = findDestinations(text, runs, models);
  const first = found[0];
  // The first match is chosen until another one is, also when there are more to choose from meanwhile.
  const value = found.some((destination) => keyOf(destination) === chosen) ? chosen : first ? keyOf(first) : '';
  return (
    <dialog
      ref={dialog}
      aria-label="Go to a page, a run or a model"
      onClose={onClose}
      onClick={(event) => event.target === dialog.current && onClose()}
      className={paletteClass}
    >
      <Command label="Go to a page, a run or a model" shouldFilter={false} value={value} onValueChange={setChosen}>
        <Command.Input value={text} onValueChange={onText} placeholder="Page, run or model" className={paletteInputClass} />
        <Command.List className="max-h-80 overflow-auto p-1.5">
          {found.length === 0 && <p className="px-3 py-6 text-center text-ink-3">Nothing has this name.</p>}
          {groups.map(({ kind, heading }) => {
            const items = found.filter((destination) => destination.kind === kind);
            if (items.length === 0) return null;
            return (
              <Command.Group key={kind} heading={heading} className="[&_[cmdk-group-heading]]:px-3 [&_[cmdk-group-heading]]:pt-2 [&_[cmdk-group-heading]]:pb-1 [&_[cmdk-group-heading]]:text-xs [&_[cmdk-group-heading]]:text-ink-3">
                {items.map((item) => (
                  <PaletteItem key={item.name} item={item} onSelect={() => (onClose(), go(item))} />
                ))}
              </Command.Group>
            );
          })}
        </Command.List>
      </Command>
    </dialog>
  );
}

function useGo(): (destination: Destination) => void {
  const navigate = useNavigate();
  return (destination) => {
    if (destination.kind === 'page') void navigate({ to: destination.to });
    else if (destination.kind === 'run') void navigate({ to: '/runs/$run', params: { run: destination.name } });
    else void navigate({ to: '/models/$model', params: { model: destination.name } });
  };
}

function PaletteItem({ item, onSelect }: { readonly item: Destination; readonly onSelect: () => void }) {
  return (
    <Command.Item value={keyOf(item)} onSelect={onSelect} className="flex h-9 cursor-pointer items-center justify-between gap-3 rounded-md px-3 data-[selected=true]:bg-raised">
      <span className="truncate">{item.name}</span>
      {item.kind === 'run' && <PhaseBadge phase={item.phase} />}
      {item.kind === 'model' && <span className="text-ink-3">version {item.latest}</span>}
    </Command.Item>
  );
}
