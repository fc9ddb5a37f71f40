import { CircleCheck, CircleX, LoaderCircle } from 'lucide-react';
import { Panel } from '../../ui/panel.js';
import { jobFacts } from './job-facts.js';
import type { Validation } from './use-validation.js';

/** Whether the job can be submitted: its main figures, or what to mend. */
export function ValidationPanel({ validation }: { readonly validation: Validation }) {
  return (
    <Panel title="Check">
      <div role="status" className="min-h-40">
        {validation.state === 'checking' && (
          <p className="flex items-center gap-2 text-ink-3">
            <LoaderCircle size={16} aria-hidden className="animate-spin" />
            Checking
          </p>
        )}
        {validation.state === 'unknown' && <p className="text-bad">It could not be checked: {validation.reason}</p>}
        {validation.state === 'wrong' && (
          <ul className="flex flex-col gap-2">
            {validation.problems.map(({ path, reason }, i) => (
              <li key={i} className="flex gap-2">
                <CircleX size={16} aria-hidden className="mt-0.5 shrink-0 text-bad" />
                <span className="min-w-0">
                  {path !== '' && <code className="mr-1.5 font-mono text-xs font-semibold break-words">{path}</code>}
                  {reason}
                </span>
              </li>
            ))}
          </ul>
        )}
        {validation.state === 'right' && (
          <>
            <p className="mb-3 flex items-center gap-2 text-ok">
              <CircleCheck size={16} aria-hidden />
              Ready to train
            </p>
            <dl className="grid grid-cols-[auto_minmax(0,1fr)] gap-x-4 gap-y-1">
              {jobFacts(validation.spec).map(({ name, value }) => (
                <div key={name} className="contents">
                  <dt className="text-ink-3">{name}</dt>
                  <dd>{value}</dd>
                </div>
              ))}
            </dl>
          </>
        )}
      </div>
    </Panel>
  );
}
