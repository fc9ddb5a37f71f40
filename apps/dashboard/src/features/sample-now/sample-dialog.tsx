import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { requestSamples } from '../../api/actions.js';
import { ActionError } from '../../ui/action-error.js';
import { Button } from '../../ui/button.js';
import { Dialog } from '../../ui/dialog.js';
import { StateNote } from '../../ui/state-note.js';
import { SampleFields } from './sample-fields.js';
import { defaultForm, toRequest } from './sample-form.js';
import { SampleResult } from './sample-result.js';
import { parseSampleSource } from './sample-source.js';
import type { SampleSource } from './sample-source.js';
import { useClassifiers } from './use-classifiers.js';

/** Properties of the dialog. */
export interface SampleDialogProps {
  /** As `parseSampleSource` reads it. */
  readonly from: string;
  readonly onClose: () => void;
}

/** Draws samples now, from a run, a checkpoint or a model. */
export function SampleDialog({ from, onClose }: SampleDialogProps) {
  const source = parseSampleSource(from);
  return (
    <Dialog title={source ? `Sample now: ${source.title}` : 'Sample now'} onClose={onClose} wide>
      {source ? <SampleNow source={source} /> : <StateNote title="The address does not say what to draw from">Open a run or a model, and choose “Sample now” there.</StateNote>}
    </Dialog>
  );
}

function SampleNow({ source }: { readonly source: SampleSource }) {
  const [form, setForm] = useState(defaultForm);
  const classifiers = useClassifiers(source);
  const request = toRequest(form, source);
  const draw = useMutation({ mutationFn: requestSamples });
  return (
    <div className="grid gap-6 md:grid-cols-[minmax(0,17rem)_minmax(0,1fr)]">
      <form
        className="flex flex-col gap-3"
        onSubmit={(event) => {
          event.preventDefault();
          if (!('problem' in request)) draw.mutate(request);
        }}
      >
        <SampleFields form={form} onChange={setForm} classifiers={classifiers} labelProblem={'problem' in request ? request.problem : undefined} />
        <ActionError error={draw.error} />
        <Button look="primary" type="submit" className="!h-9" disabled={'problem' in request || draw.isPending}>
          Draw
        </Button>
      </form>
      <div className="min-h-72 min-w-0">
        {draw.data ? (
          <SampleResult key={draw.data.id} id={draw.data.id} />
        ) : (
          <div className="flex h-full min-h-60 items-center justify-center rounded-lg border border-dashed border-line p-6 text-center text-ink-3">
            The images appear here. The same seed draws the same images again.
          </div>
        )}
      </div>
    </div>
  );
}
