import { CircleCheck, CircleX, LoaderCircle } from 'lucide-react';
import { formatCount } from '../../format/numbers.js';
import { ErrorText, MessageText } from '../../ui/error-text.js';
import { Panel } from '../../ui/panel.js';
import { jobFacts } from './job-facts.js';
import { lineOf } from './line-of.js';
import type { Validation } from './use-validation.js';

/** Properties of the panel. */
export interface ValidationPanelProps {
  readonly validation: Validation;
  /** What was checked. */
  readonly yaml: string;
  /** Called with the line, from 1 on, that somebody wants to mend. */
  readonly onLine: (line: number) => void;
}

/** Whether the job can be submitted: its main figures, or what to mend. */
export function ValidationPanel({ validation, yaml, onLine }: ValidationPanelProps) {
  return (
    <Panel title="Check">
      <div role="status" className="min-h-40">
        {validation.state === 'checking' && (
          <p className="flex items-center gap-2 text-ink-3">
            <LoaderCircle size={16} aria-hidden className="animate-spin" />
            Checking
          </p>
        )}
        {validation.state === 'unknown' && (
          <div className="text-bad">
            <p className="font-medium">It could not be checked.</p>
            <ErrorText error={validation.error} />
          </div>
        )}
        {validation.state === 'wrong' && (
          <ul className="flex flex-col gap-2">
            {validation.problems.map(({ path, reason }, i) => (
              <ProblemLine key={i} path={path} reason={reason} line={lineOf(yaml, path)} onLine={onLine} />
            ))}
          </ul>
        )}
        {validation.state === 'right' && (
          <>
            <p className="mb-3 flex items-center gap-2 text-ok">
              <CircleCheck size={16} aria-hidden />
              Ready to train
              {validation.continuesFrom !== undefined && <span className="text-ink-2">: goes on from step {formatCount(validation.continuesFrom)}</span>}
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

interface ProblemLineProps {
  readonly path: string;
  readonly reason: string;
  readonly line: number | undefined;
  readonly onLine: (line: number) => void;
}

/** What to mend, and where. */
function ProblemLine({ path, reason, line, onLine }: ProblemLineProps) {
  return (
    <li className="flex gap-2">
      <CircleX size={16} aria-hidden className="mt-0.5 shrink-0 text-bad" />
      <span className="min-w-0">
        {path !== '' && <code className="mr-1.5 font-mono text-xs font-semibold break-words">{path}</code>}
        <MessageText text={reason} />
        {line !== undefined && (
          <button type="button" onClick={() => onLine(line)} className="ml-1.5 rounded text-xs whitespace-nowrap text-accent hover:underline">
            line {line}
          </button>
        )}
      </span>
    </li>
  );
}
