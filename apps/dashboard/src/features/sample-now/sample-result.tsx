import type { SampleJob } from '@langevin/contracts/api';
import { useMutation, useQuery } from '@tanstack/react-query';
import { Download } from 'lucide-react';
import { cancelSamples } from '../../api/actions.js';
import { requestedPicture } from '../../api/pictures.js';
import { sampleJobQuery } from '../../api/queries.js';
import { ActionError } from '../../ui/action-error.js';
import { Button, buttonClass } from '../../ui/button.js';
import { MessageText } from '../../ui/error-text.js';
import { plainWords } from '../../ui/plain-words.js';
import { ProgressBar } from '../../ui/progress-bar.js';

/** While the live stream is away, progress is asked for. */
const askAgainMs = 2000;

const words: Record<SampleJob['state'], string> = { queued: 'Waiting for the sampler', running: 'Drawing', done: 'Done', failed: 'Failed' };

/** How far a request is, then its picture. */
export function SampleResult({ id }: { readonly id: string }) {
  const { data: job, error } = useQuery({
    ...sampleJobQuery(id),
    refetchInterval: ({ state }) => (state.data?.state === 'done' || state.data?.state === 'failed' ? false : askAgainMs),
  });
  const cancel = useMutation({ mutationFn: () => cancelSamples(id) });
  if (cancel.isSuccess) return <p className="text-ink-3">Withdrawn.</p>;
  if (error) return <ActionError error={error} />;
  const state = job?.state ?? 'queued';
  const url = requestedPicture(id);
  return (
    <div className="flex flex-col gap-3">
      <div className="flex min-h-7 items-center gap-3">
        <span role="status" className={state === 'failed' ? 'text-bad' : 'text-ink-2'}>
          {state === 'failed' ? <MessageText text={plainWords(job?.error ?? words.failed)} /> : words[state]}
        </span>
        {(state === 'queued' || state === 'running') && (
          <Button className="ml-auto" disabled={cancel.isPending} onClick={() => cancel.mutate()}>
            Withdraw
          </Button>
        )}
        {state === 'done' && (
          <a href={url} download={`samples-${id.slice(0, 8)}.png`} className={`${buttonClass()} ml-auto`}>
            <Download size={14} aria-hidden />
            Download
          </a>
        )}
      </div>
      {state !== 'failed' && state !== 'done' && <ProgressBar value={job?.progress ?? 0} label="Drawing" />}
      {state === 'done' && <img src={url} alt="The samples that were drawn" className="pixelated max-h-[34rem] w-full rounded bg-raised object-contain" />}
    </div>
  );
}
