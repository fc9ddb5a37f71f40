import { queryOptions, useQuery } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { validateJob } from '../../api/actions.js';

/** Typing is over after this long without a key. */
const settleMs = 250;

/** What is known about a job specification. */
export type Validation =
  | { readonly state: 'checking' }
  | { readonly state: 'unknown'; readonly error: Error }
  | { readonly state: 'right'; readonly spec: Readonly<Record<string, unknown>>; readonly continuesFrom: number | undefined }
  | { readonly state: 'wrong'; readonly problems: readonly { readonly path: string; readonly reason: string }[] };

/** Whoever comes back to the page may have imported the data, or started the job, meanwhile. */
const validationQuery = (yaml: string) => queryOptions({ queryKey: ['validation', yaml], queryFn: () => validateJob(yaml), gcTime: 60_000, staleTime: 0, refetchOnWindowFocus: true });

/** Lets the coordinator check a specification whenever typing stops. */
export function useValidation(yaml: string): Validation {
  const [settled, setSettled] = useState(yaml);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(yaml), settleMs);
    return () => clearTimeout(timer);
  }, [yaml]);
  const { data, error } = useQuery({ ...validationQuery(settled), enabled: settled !== '' });
  if (yaml === '') return { state: 'wrong', problems: [{ path: '', reason: 'a job needs at least a name, a dataset and a model' }] };
  if (settled !== yaml || (!data && !error)) return { state: 'checking' };
  if (error) return { state: 'unknown', error };
  return data?.ok === true ? { state: 'right', spec: data.spec, continuesFrom: data.continuesFrom } : { state: 'wrong', problems: data?.problems ?? [] };
}
