import { routes } from '@langevin/contracts/api/routes';
import { endpointUrl } from './endpoint-url.js';

/** Address of the sample picture of a checkpoint; it never changes. */
export const samplePicture = (run: string, step: number) => endpointUrl(routes.getRunSamplesImage.path, { run, step });

/** Address of the picture that a request for samples has drawn. */
export const requestedPicture = (id: string) => endpointUrl(routes.getSamplesImage.path, { id });

/** Address of a checkpoint's file, as a download. */
export const checkpointFile = (digest: string, path: string) => endpointUrl(routes.getCheckpointFile.path, { digest, path });
