/** Diffusion models on tfjs-core. `./rng`, `./io`, `./metrics` and `./planning` are also entries of their own, which load no tfjs. */
export { philox4x32, PhiloxStream, Purpose, seedKey } from './rng/index.js';
export type { PurposeName, StreamId } from './rng/index.js';
export {
  betaSchedule,
  cosineProcess,
  ddpmProcess,
  edmProcess,
  interpolatedProcess,
  marginalCoefficients,
  requireSameSchedule,
  rescaleBetasZeroSnr,
  scheduleIdentity,
  sigmoidProcess,
  subVpProcess,
  timeOfLogSnr,
  varianceLimits,
  veProcess,
  vpProcess,
} from './processes/index.js';
export type {
  BetaScheduleConfig,
  CosineOptions,
  DdpmProcess,
  EdmOptions,
  GaussianProcess,
  LinearBetaOptions,
  LogSnrMinOptions,
  MarginalCoefficients,
  SigmoidOptions,
  VarianceLimits,
  VarianceType,
  VeOptions,
} from './processes/index.js';
export { addNoise, predictionToX0, splitLearnedVariance, toDenoiser, toVarianceDenoiser, trainingTarget, x0ToPrediction } from './parameterizations/index.js';
export type { Denoiser, MeanAndVariance, PredictionType, Predictor, VarianceDenoiser } from './parameterizations/index.js';
export { crossEntropy, labelLogProbability, simpleLoss } from './losses/index.js';
export type { LossSums } from './losses/index.js';
export {
  ancestralCoefficients,
  annealedLangevin,
  ddim,
  ddimCoefficients,
  ddimStep,
  ddpmAncestral,
  dpmSolverPp2M,
  eulerMaruyama,
  eulerMaruyamaCoefficients,
  heun,
  karrasGrid,
  langevin,
  langevinCorrector,
  timestepGrid,
} from './samplers/index.js';
export type {
  AnnealedLangevinOptions,
  DdimOptions,
  DdpmAncestralOptions,
  GridStep,
  KarrasGridOptions,
  LangevinOptions,
  MeanGuidance,
  OdeOptions,
  OnStep,
  SamplerOptions,
  Score,
  StepCoefficients,
  TimestepGridOptions,
  TimestepSpacing,
} from './samplers/index.js';
export {
  bitsPerDimension,
  chainWeightNats,
  cheapestGrid,
  decoderNats,
  decoderTerm,
  dequantize,
  diffusionTerm,
  distanceOfLevels,
  elbo,
  evenGrid,
  evenLogSnrGrid,
  flowBound,
  flowLogLikelihood,
  gridFlowLogLikelihood,
  importanceWeightedNats,
  levelLogProbabilities,
  levelOf,
  levelPrior,
  levelValues,
  logNormalInterval,
  meanWithError,
  natsOfLevels,
  priorTerm,
  rk45,
  stepsThrough,
  systematicDraws,
  tracedDenoiser,
} from './likelihood/index.js';
export type {
  Decoder,
  DecoderInputs,
  DecoderTermOptions,
  Derivative,
  Divergence,
  Elbo,
  ElboOptions,
  ElementNats,
  ErrorAtTime,
  FlowBound,
  FlowBoundOptions,
  FlowLogLikelihood,
  FlowLogLikelihoodOptions,
  GridFlowLogLikelihood,
  LogSnrGridOptions,
  MeanWithError,
  Rk45Options,
  Rk45Solution,
  TermOptions,
  TracedDenoiser,
  WeightedDraw,
} from './likelihood/index.js';
export { classifierFree, classifierFreeBatched, classifierGuidance, dynamicThreshold, logLikelihoodGradient, staticThreshold } from './guidance/index.js';
export type { ClassifierScale, DynamicThresholdOptions, Guidance, GuidanceScale, LabelledDenoiser, LogLikelihood } from './guidance/index.js';
export {
  adamScalars,
  adamStep,
  adamUpdate,
  averagedAdamUpdate,
  classifierFreeLabels,
  emaDecay,
  emaStep,
  learningRateAt,
  trainingNoise,
} from './train/index.js';
export type {
  AdamOptions,
  AdamScalarInputs,
  AdamScalars,
  AdamState,
  AdamVectors,
  AveragedScalarInputs,
  AveragedVectors,
  EmaOptions,
  LearningRateOptions,
  TrainingNoise,
  TrainingNoiseId,
} from './train/index.js';
export { gaussianDenoiser, measurementLogLikelihood, mixtureDenoiser, scoreOf } from './analytic/index.js';
export type { GaussianData, GaussianMeasurement, MixtureComponent } from './analytic/index.js';
export { confusionMatrix, labelAgreement, meanWithinClassDistance, nearestDistances, wilsonInterval } from './metrics/index.js';
export type { Agreement, PointSet } from './metrics/index.js';
export {
  areaDownsampled,
  besideLowResolution,
  classifier2d,
  classifier2dLayout,
  classifierGradient,
  concatGradients,
  initParameters,
  leafGradient,
  meanOutput,
  modelLayout,
  splitParameters,
  unet2d,
  unet2dLayout,
} from './nn/index.js';
export type { Classifier2D, LeafBatch, LeafGradient, NetworkOptions, ParameterEntry, ParameterKind, ParameterLayout, UNet2D } from './nn/index.js';
export { trainingTask } from './tasks/index.js';
export type { HeldOutImages, TrainingTask } from './tasks/index.js';
export {
  decodeSafetensors,
  diffusersModelIndex,
  diffusersSchedulerConfig,
  diffusersUnetConfig,
  encodeSafetensors,
  exportTensors,
  importTensors,
  unet2dConfigFromDiffusers,
} from './io/index.js';
export type { DiffusersJson, DiffusersScheduler, SafetensorsDtype, SafetensorsFile, SafetensorsTensor } from './io/index.js';
