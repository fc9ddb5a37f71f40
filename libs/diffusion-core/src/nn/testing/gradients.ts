/**
 * For tests: tfjs-core registers neither gradients nor a backend; the umbrella package does both. Products get them from
 * the runtime that they load.
 */
// eslint-disable-next-line @nx/enforce-module-boundaries, no-restricted-imports -- only tests import this file
import '@tensorflow/tfjs';
