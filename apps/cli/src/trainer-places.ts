import { LangevinError } from '@langevin/contracts';
import type { ComputeDevice } from '@langevin/tf-runtime/process';

/** What distinguishes the trainers of one command. */
export interface TrainerPlace {
  /** Unique in the cluster. */
  readonly name: string;
  /** Where it listens; 0 takes any free one. */
  readonly port: number;
  /** HOST or HOST:PORT at which it is dialled; without it, where it listens. */
  readonly advertise?: string | undefined;
  readonly device?: ComputeDevice | undefined;
}

/**
 * A trainer for each device: a single one as it is asked for; several with the number of their GPU in the name, and on ports that follow
 * each other.
 * @throws LangevinError `invalid_argument` when several are to be dialled at one port
 */
export function trainerPlaces(asked: Omit<TrainerPlace, 'device'>, devices: readonly ComputeDevice[]): TrainerPlace[] {
  if (devices.length < 2) return [{ ...asked, device: devices[0] }];
  const { name, port, advertise } = asked;
  if (advertise !== undefined && /:\d+$/.test(advertise)) {
    throw new LangevinError('invalid_argument', `--advertise ${advertise} names one port, and there are ${devices.length} trainers: leave the port out`);
  }
  return devices.map((device, index) => ({ ...asked, name: `${name}-gpu${device}`, port: port === 0 ? 0 : port + index, device }));
}
