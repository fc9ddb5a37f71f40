import { drawSamples } from '../../libs/client/dist/draw-samples.js';
import { plannedModel } from '../../libs/client/dist/planned-model.js';
import { compileSampleOptions } from '../../libs/client/dist/sample-options.js';
import { samplingPlan } from '../../libs/client/dist/sampling-plan.js';

/**
 * What `sample` of a model does, with what it compiles kept from call to call.
 * @param parameters flat, in the order of the network's layout
 * @param options as `sample` takes them
 */
export function openSampling(spec, parameters, options) {
  const compiled = compileSampleOptions(options, spec);
  const plan = samplingPlan(plannedModel(spec, parameters).model, compiled);
  return { draw: () => drawSamples(plan, compiled, {}) };
}
