// What is known of a training before anything is computed, without a tensor runtime: a coordinator starts in half the time.
export { modelLayout } from '../nn/model-layout.js';
export { ddpmProcess } from '../processes/ddpm-process.js';
export { scheduleIdentity } from '../processes/schedule-identity.js';
export { learningRateAt } from '../train/learning-rate.js';
