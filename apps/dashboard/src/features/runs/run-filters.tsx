import { useNavigate, useSearch } from '@tanstack/react-router';
import { useRef } from 'react';
import { runPhases } from '../../format/run-phases.js';
import { useShortcut } from '../../shortcuts/use-shortcut.js';
import { controlClass } from '../../ui/field.js';

/** Which runs the table shows; the address holds it. */
export function RunFilters() {
  const { q = '', phase } = useSearch({ from: '/runs' });
  const navigate = useNavigate({ from: '/runs' });
  const input = useRef<HTMLInputElement>(null);
  useShortcut('f', 'Filter runs', () => input.current?.focus());
  return (
    <>
      <input
        ref={input}
        type="search"
        aria-label="Filter by name or dataset"
        placeholder="Filter"
        value={q}
        onChange={(event) => void navigate({ search: (old) => ({ ...old, q: event.target.value || undefined }), replace: true })}
        className={`${controlClass} !w-32 sm:!w-48`}
      />
      <select
        aria-label="Phase"
        value={phase ?? ''}
        onChange={(event) =>
          void navigate({ search: (old) => ({ ...old, phase: runPhases.find((option) => option === event.target.value) }), replace: true })
        }
        className={`${controlClass} !w-auto`}
      >
        <option value="">Every phase</option>
        {runPhases.map((option) => (
          <option key={option} value={option}>
            {option}
          </option>
        ))}
      </select>
    </>
  );
}
