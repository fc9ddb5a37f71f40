export { trainingTask } from './training-task.js';
export type { HeldOutImages } from './held-out-images.js';
export type { TrainingTask } from './training-task.js';
