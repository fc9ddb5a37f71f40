import { LangevinError } from '@langevin/contracts';
import { keepService, type KeptService } from './keep-service.js';
import type { RunningService } from './start-service.js';

/** A service that ends when the spec says so. */
class Mortal implements RunningService {
  readonly pid = 1;
  readonly facts: Readonly<Record<string, string>>;
  readonly ended: Promise<LangevinError | null>;
  isStopped = false;
  #end: (error: LangevinError | null) => void = () => undefined;

  constructor(life: number) {
    this.facts = { life: String(life) };
    this.ended = new Promise((resolve) => (this.#end = resolve));
  }

  die(code: 'internal' | 'version_mismatch' = 'internal'): void {
    this.#end(new LangevinError(code, 'it ended'));
  }

  send(): void {}

  async stop(): Promise<void> {
    this.isStopped = true;
    this.#end(null);
    await this.ended;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop();
  }
}

/** A kept service, all its lives, what each was started with, and what was told of its deaths. */
async function kept(): Promise<{ service: KeptService; lives: Mortal[]; starts: unknown[]; deaths: string[]; born: (count: number) => Promise<void> }> {
  const lives: Mortal[] = [];
  const starts: unknown[] = [];
  const deaths: string[] = [];
  const service = await keepService({
    start: (last) => {
      starts.push(last);
      lives.push(new Mortal(lives.length + 1));
      return Promise.resolve(lives.at(-1)!);
    },
    isFinal: ({ code }) => code !== 'internal',
    onRestart: ({ message }) => void deaths.push(message),
  });
  const born = async (count: number): Promise<void> => {
    while (lives.length < count) await new Promise((resolve) => setTimeout(resolve, 5));
  };
  return { service, lives, starts, deaths, born };
}

describe('a service that is kept running', () => {
  it('is started anew when it dies, and knows where it was', async () => {
    const { service, lives, starts, deaths, born } = await kept();
    expect(service.facts).toEqual({ life: '1' });
    lives[0]!.die();
    await born(2);
    expect(starts).toEqual([null, { life: '1' }]);
    expect(deaths).toEqual(['it ended']);
    await service.stop();
    expect(lives[1]!.isStopped).toBe(true);
    expect(await service.ended).toBeNull();
  });

  it('is not started anew when it was refused, when it ended in peace, or when it was to stop', async () => {
    const refused = await kept();
    refused.lives[0]!.die('version_mismatch');
    expect(await refused.service.ended).toMatchObject({ code: 'version_mismatch' });
    const peaceful = await kept();
    await peaceful.lives[0]!.stop();
    expect(await peaceful.service.ended).toBeNull();
    const stopped = await kept();
    await stopped.service.stop();
    expect(await stopped.service.ended).toBeNull();
    expect([refused, peaceful, stopped].map(({ lives }) => lives.length)).toEqual([1, 1, 1]);
  });

  it('is given up when it dies again and again', async () => {
    const { service, lives, deaths, born } = await kept();
    for (let life = 1; life <= 5; life++) {
      await born(life);
      lives[life - 1]!.die();
    }
    expect(await service.ended).toMatchObject({ message: 'it ended' });
    expect(deaths).toHaveLength(4);
    expect(lives).toHaveLength(5);
  }, 15_000);
});
