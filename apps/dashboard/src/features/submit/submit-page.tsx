import { useMutation, useQuery } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { useRef, useState } from 'react';
import { submitJob } from '../../api/actions.js';
import { recipesQuery } from '../../api/queries.js';
import { ActionError } from '../../ui/action-error.js';
import { Button } from '../../ui/button.js';
import { Field, controlClass } from '../../ui/field.js';
import { Panel } from '../../ui/panel.js';
import { QueryView } from '../../ui/query-view.js';
import { usePageTitle } from '../../ui/use-page-title.js';
import { useValidation } from './use-validation.js';
import { ValidationPanel } from './validation-panel.js';

/** What most people want to see first. */
const firstRecipe = 'digits-ddpm';

/** A new job: begin with a recipe, change it, see what is wrong while typing, train. */
export function SubmitPage() {
  usePageTitle('New job');
  const recipes = useQuery(recipesQuery);
  const { recipe } = useSearch({ from: '/submit' });
  const navigate = useNavigate({ from: '/submit' });
  return (
    <div className="flex flex-col gap-4">
      <h1 className="text-xl font-semibold tracking-tight">New job</h1>
      <QueryView query={recipes} loading={<div className="skeleton h-[560px]" />}>
        {(list) => {
          const chosen = list.find(({ name }) => name === (recipe ?? firstRecipe)) ?? list[0];
          return (
            <JobForm
              key={chosen?.name ?? ''}
              yaml={chosen?.yaml ?? ''}
              recipe={chosen?.name ?? ''}
              recipes={list.map(({ name }) => name)}
              onRecipe={(name) => void navigate({ search: (old) => ({ ...old, recipe: name }), replace: true })}
            />
          );
        }}
      </QueryView>
    </div>
  );
}

interface JobFormProps {
  readonly yaml: string;
  readonly recipe: string;
  readonly recipes: readonly string[];
  readonly onRecipe: (name: string) => void;
}

function JobForm({ yaml, recipe, recipes, onRecipe }: JobFormProps) {
  const [text, setText] = useState(yaml);
  const area = useRef<HTMLTextAreaElement>(null);
  const validation = useValidation(text);
  const navigate = useNavigate();
  const submit = useMutation({ mutationFn: () => submitJob(text), onSuccess: ({ name }) => navigate({ to: '/runs/$run', params: { run: name } }) });
  return (
    <form
      className="grid items-start gap-4 lg:grid-cols-[minmax(0,1.4fr)_minmax(0,1fr)]"
      onSubmit={(event) => {
        event.preventDefault();
        submit.mutate();
      }}
    >
      <Panel title="Spec">
        <div className="flex flex-col gap-4">
          <Field label="Recipe to begin with" hint="Another recipe replaces the text below.">
            {(control) => (
              <select {...control} className={`${controlClass} max-w-64`} value={recipe} onChange={(event) => onRecipe(event.target.value)}>
                {recipes.map((name) => (
                  <option key={name}>{name}</option>
                ))}
              </select>
            )}
          </Field>
          <Field label="Job, in YAML" error={validation.state === 'wrong' ? `${validation.problems.length} to mend: see the list` : undefined}>
            {(control) => (
              <textarea
                {...control}
                ref={area}
                spellCheck={false}
                rows={30}
                className={`${controlClass} !h-auto resize-y py-2 font-mono text-xs leading-5`}
                value={text}
                onChange={(event) => setText(event.target.value)}
              />
            )}
          </Field>
        </div>
      </Panel>
      <div className="flex min-w-0 flex-col gap-4 lg:sticky lg:top-16">
        <ValidationPanel validation={validation} yaml={text} onLine={(line) => selectLine(area.current, line)} />
        <ActionError error={submit.error} />
        <Button look="primary" type="submit" className="!h-9" disabled={validation.state !== 'right' || submit.isPending}>
          {submit.isPending ? 'Submitting…' : 'Start training'}
        </Button>
      </div>
    </form>
  );
}

/** Shows a line, from 1 on, of a text. */
function selectLine(area: HTMLTextAreaElement | null, line: number): void {
  if (!area) return;
  const lines = area.value.split('\n');
  const start = lines.slice(0, line - 1).reduce((sum, { length }) => sum + length + 1, 0);
  area.focus();
  area.setSelectionRange(start, start + (lines[line - 1]?.length ?? 0));
}
