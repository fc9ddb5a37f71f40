import type { ModelSummary } from '@langevin/contracts/api';
import { Link, useNavigate } from '@tanstack/react-router';
import { Sparkles } from 'lucide-react';
import { Button } from '../../ui/button.js';
import { CopyText } from '../../ui/copy-text.js';
import { Panel } from '../../ui/panel.js';
import { guidancePairs } from './guidance-pairs.js';

/** Which classifiers can guide which denoisers. */
export function PairsPanel({ models }: { readonly models: readonly ModelSummary[] }) {
  const navigate = useNavigate();
  const pairs = guidancePairs(models);
  return (
    <Panel title="Guidance pairs" note="newest versions trained on equal noise schedules" flush>
      <ul>
        {pairs.map(({ denoiser, classifiers }) => (
          <li key={denoiser.name} className="flex min-h-11 flex-wrap items-center gap-x-4 gap-y-1 border-b border-line px-3 py-2 last:border-b-0">
            <Link to="/models/$model" params={{ model: denoiser.name }} className="font-medium hover:text-accent hover:underline">
              {denoiser.name}
            </Link>
            <span className="text-ink-3">
              {classifiers.length === 0 ? (
                'no classifier with its schedule'
              ) : (
                <>
                  guided by{' '}
                  {classifiers.map(({ name }, i) => (
                    <span key={name}>
                      {i > 0 && ', '}
                      <Link to="/models/$model" params={{ model: name }} className="text-ink hover:text-accent hover:underline">
                        {name}
                      </Link>
                    </span>
                  ))}
                </>
              )}
            </span>
            {classifiers[0] && (
              <span className="flex min-w-0 flex-wrap items-center gap-2 md:ml-auto">
                <CopyText what="command that pulls the pair" text={`npx langevin model pull ${denoiser.name}:${denoiser.latest} --guidance ${classifiers[0].name}:${classifiers[0].latest}`} />
                <Button onClick={() => void navigate({ to: '.', search: (old) => ({ ...old, draw: `model:${denoiser.name}:${denoiser.latest}` }) })}>
                  <Sparkles size={14} aria-hidden />
                  Sample now
                </Button>
              </span>
            )}
          </li>
        ))}
        {pairs.length === 0 && <li className="px-3 py-6 text-center text-ink-3">There is no denoiser yet.</li>}
      </ul>
    </Panel>
  );
}
