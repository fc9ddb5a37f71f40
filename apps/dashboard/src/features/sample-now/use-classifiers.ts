import { useQuery } from '@tanstack/react-query';
import { checkpointsQuery, modelsQuery } from '../../api/queries.js';
import type { SampleSource } from './sample-source.js';

/** Names of the classifiers that may guide a source: those of its schedule, or all while that is not known. */
export function useClassifiers({ request }: SampleSource): string[] {
  const { data: models = [] } = useQuery(modelsQuery);
  const checkpoints = useQuery({ ...checkpointsQuery(request.run ?? ''), enabled: request.run !== undefined });
  const name = request.model?.split(/[:@]/)[0];
  const schedule = checkpoints.data?.[0]?.scheduleDigest ?? models.find((model) => model.name === name)?.scheduleDigest;
  return models
    .filter(({ guidanceRole, scheduleDigest }) => guidanceRole === 'noisy-classifier' && (schedule === undefined || scheduleDigest === schedule))
    .map((model) => model.name);
}
