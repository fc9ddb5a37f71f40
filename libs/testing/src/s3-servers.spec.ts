import { minioBinary } from './minio-binary.js';
import { startMinio } from './minio.js';
import { startMoto } from './moto.js';

// A server takes its time to start when the machine does much else.
jest.setTimeout(120_000);

describe.each([
  ['MinIO', startMinio],
  ['moto', startMoto],
])('%s', (_name, start) => {
  it('serves on a port of its own, and is gone with all it stored when it is disposed of', async () => {
    const used = async (): Promise<{ readonly endpoint: string; readonly processes: () => number[] }> => {
      await using server = await start({ buckets: ['first'] });
      expect(server.location('first', 'a/b')).toBe(`s3://first/a/b?endpoint=${server.endpoint}`);
      expect((await fetch(`${server.endpoint}/first`)).status).toBeLessThan(500);
      await server.makeBucket('second');
      await server.removeBucket('second');
      return { endpoint: server.endpoint, processes: server.process.processes };
    };
    const { endpoint, processes } = await used();
    expect(processes()).toEqual([]);
    await expect(fetch(`${endpoint}/first`)).rejects.toThrow();
  });
});

describe('a MinIO server that was never built', () => {
  it('is asked for with the command that builds it', () => {
    expect(() => minioBinary({ LANGEVIN_CACHE: '/nonexistent' })).toThrow(expect.objectContaining({ code: 'unsupported', message: expect.stringContaining('npm run setup:stores') }));
  });
});
