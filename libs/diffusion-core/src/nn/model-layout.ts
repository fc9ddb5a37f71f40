import type { JobSpec } from '@langevin/contracts';
import { classifier2dLayout } from './classifier2d-layout.js';
import type { ParameterLayout } from './parameter-layout.js';
import { unet2dLayout } from './unet2d-layout.js';

/**
 * The layout of whichever network a job trains. Needs no tensor runtime.
 * @throws LangevinError `invalid_spec` for a configuration that cannot be built
 */
export function modelLayout(model: JobSpec['model']): ParameterLayout {
  return model.type === 'classifier2d' ? classifier2dLayout(model) : unet2dLayout(model);
}
