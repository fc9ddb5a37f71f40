export { compile } from './compile/compile.js';
export { toSavedModel } from './compile/to-saved-model.js';
export { surveyGpus } from './gpu/survey-gpus.js';
export { installRuntime } from './install/install-runtime.js';
export { missingPrerequisites } from './install/prerequisites.js';
export { cacheRoot, isRuntimeComplete, runtimeDirectory } from './install/runtime-cache.js';
export { bindingVersion, tensorFlowVersion } from './install/wheel-pins.js';
export { gpuSetupCommand, loadTensorFlow, setupCommand } from './load/load-tensorflow.js';
export { runtimeFacts } from './process/runtime-facts.js';

export type { CompileOptions } from './compile/compile.js';
export type { SavedModelOptions } from './compile/to-saved-model.js';
export type { EntriesOf, Feed, FeedsOf, Outcome, Program, ResultsOf } from './compile/program.js';
export type { Elements, ElementType, TensorSpec, TensorSpecs, TensorsOf } from './compile/tensor-spec.js';
export type { GpuDevice, GpuSurvey } from './gpu/nvidia-smi.js';
export type { InstallOptions, InstallResult } from './install/install-runtime.js';
export type { MissingPrerequisite, PrerequisiteOptions } from './install/prerequisites.js';
export type { BackendKind, LoadOptions, TensorRuntime } from './load/load-tensorflow.js';
export type { GpuFacts, RuntimeFacts } from './process/runtime-facts.js';
