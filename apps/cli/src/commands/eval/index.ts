import type { Command } from 'commander';
import { registerEvalGuidance } from './guidance.js';
import { registerEvalMetrics } from './metrics.js';
import { registerEvalNll } from './nll.js';
import { registerEvalRateDistortion } from './rate-distortion.js';
import { registerEvalRestoration } from './restoration.js';

/** `langevin eval`: what is measured of trained models. */
export function registerEval(program: Command): void {
  const evaluate = program.command('eval').description('judge trained models');
  registerEvalGuidance(evaluate);
  registerEvalMetrics(evaluate);
  registerEvalNll(evaluate);
  registerEvalRateDistortion(evaluate);
  registerEvalRestoration(evaluate);
}
