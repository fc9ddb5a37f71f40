import { Field, controlClass } from '../../ui/field.js';
import { NumberField } from '../../ui/number-field.js';
import type { SampleForm } from './sample-form.js';

/** Properties of the fields. */
export interface SampleFieldsProps {
  readonly form: SampleForm;
  readonly onChange: (form: SampleForm) => void;
  /** Names of the classifiers that fit. */
  readonly classifiers: readonly string[];
  readonly labelProblem: string | undefined;
}

/** Everything that decides what is drawn. */
export function SampleFields({ form, onChange, classifiers, labelProblem }: SampleFieldsProps) {
  const set = (change: Partial<SampleForm>) => onChange({ ...form, ...change });
  return (
    <>
      <div className="grid grid-cols-[1fr_6rem] items-start gap-3">
        <Field label="Labels" hint="7, or 3, 5, or 0-9" error={labelProblem}>
          {(control) => <input {...control} className={controlClass} value={form.labels} onChange={(event) => set({ labels: event.target.value })} />}
        </Field>
        <NumberField label="Images each" value={form.each} min={1} max={64} onChange={(each) => set({ each })} />
      </div>
      <NumberField label="Guidance scale" hint="1 is the plain conditional model" value={form.guidanceScale} min={0} max={1000} step={0.1} onChange={(guidanceScale) => set({ guidanceScale })} />
      <div className="grid grid-cols-[1fr_6rem] items-start gap-3">
        <Field label="Classifier" hint={classifiers.length === 0 ? 'None was trained on this schedule' : 'Guides to the labels'}>
          {(control) => (
            <select {...control} className={controlClass} value={form.classifier} disabled={classifiers.length === 0} onChange={(event) => set({ classifier: event.target.value })}>
              <option value="">none</option>
              {classifiers.map((name) => (
                <option key={name}>{name}</option>
              ))}
            </select>
          )}
        </Field>
        <NumberField label="Scale γ" value={form.classifierScale} min={0} max={1000} step={0.1} disabled={form.classifier === ''} onChange={(classifierScale) => set({ classifierScale })} />
      </div>
      <div className="grid grid-cols-[1fr_6rem] items-start gap-3">
        <Field label="Sampler">
          {(control) => (
            <select {...control} className={controlClass} value={form.sampler} onChange={(event) => set({ sampler: event.target.value === 'ddpm' ? 'ddpm' : 'ddim' })}>
              <option value="ddim">DDIM</option>
              <option value="ddpm">DDPM</option>
            </select>
          )}
        </Field>
        <NumberField label="Steps" value={form.steps} min={1} max={1000} onChange={(steps) => set({ steps })} />
      </div>
      <NumberField label="Seed" value={form.seed} min={0} max={Number.MAX_SAFE_INTEGER} onChange={(seed) => set({ seed })} />
    </>
  );
}
