import { LangevinError } from '@langevin/contracts';
import { patientSource } from './patient-source.js';

const away = new LangevinError('storage_unavailable', 'away');

/** A source that is away for so many calls. */
function source(calls: number): { ask: (digest: string) => Promise<Uint8Array | undefined>; asked: () => number } {
  let asked = 0;
  return { ask: (digest) => (++asked <= calls ? Promise.reject(away) : Promise.resolve(Buffer.from(digest))), asked: () => asked };
}

describe('patientSource', () => {
  it('asks again, a second later each time, until the store is there', async () => {
    const pauses: number[] = [];
    const { ask, asked } = source(3);
    const patient = patientSource(ask, new AbortController().signal, (ms) => Promise.resolve(void pauses.push(ms)));
    expect(Buffer.from((await patient('content'))!).toString()).toBe('content');
    expect([asked(), pauses]).toEqual([4, [1000, 1000, 1000]]);
  });

  it('throws whatever else is wrong at once', async () => {
    const broken = new LangevinError('object_corrupt', 'broken');
    await expect(patientSource(() => Promise.reject(broken), new AbortController().signal)('content')).rejects.toBe(broken);
  });

  it('stops waiting when the coordinator goes', async () => {
    const closing = new AbortController();
    const waiting = patientSource(source(Infinity).ask, closing.signal)('content');
    closing.abort(new LangevinError('unavailable', 'going'));
    await expect(waiting).rejects.toMatchObject({ code: 'unavailable', message: 'going' });
  });
});
