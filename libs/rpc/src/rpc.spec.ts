import { once } from 'node:events';
import { connect as connectHttp2 } from 'node:http2';
import { connect as connectTcp } from 'node:net';
import { LangevinError } from '@langevin/contracts';
import { connect } from './connect.js';
import type { UnaryOptions } from './connect.js';
import type { Job } from './gen/langevin/v1/Job.js';
import { duplexHandler, requests, serverStreamHandler, unaryHandler } from './handlers.js';
import { checkHealth } from './health.js';
import { maxControlBytes, maxListBytes } from './message-limits.js';
import { receive } from './receive.js';
import { startServer } from './server.js';
import type { ServiceHandlers } from './services.js';

const token = 'correct-horse';

/** Jobs whose answers depend on the id alone. */
const jobs: ServiceHandlers['Jobs'] = {
  Submit: unaryHandler(({ specJson }) => ({ id: 'digits', specJson, step: '9007199254740993' })),
  Resume: unaryHandler(({ run }) => ({ id: run })),
  Fork: unaryHandler(({ name }) => ({ id: name })),
  List: unaryHandler(() => ({ jobs: [] })),
  Get: unaryHandler(({ id }) => {
    if (id === 'digits') return { id, phase: 'JOB_PHASE_RUNNING' as const };
    throw new LangevinError('job_unknown', `no job "${id}": see \`langevin job ls\``);
  }),
  Cancel: unaryHandler(() => new Promise<Job>(() => {})),
  Watch: serverStreamHandler(async (call) => {
    call.write({ id: call.request.id, step: 1 });
    if (call.request.id === 'endless') return void (await once(call, 'cancelled'));
    throw new LangevinError('non_finite', 'the gradient of step 2 is not finite: lower learningRate');
  }),
  Drain: unaryHandler(() => ({})),
  Trainers: unaryHandler(() => ({ trainers: [{ name: 'x'.repeat(maxListBytes) }] })),
};

/** Echoes the name of a trainer as its id. */
const cluster: ServiceHandlers['Cluster'] = {
  Attach: duplexHandler(async (call) => {
    for await (const message of requests(call)) call.write({ welcome: { trainerId: message.hello?.name ?? 'nobody' } });
  }),
};

const serve = (port = 0) => startServer({ port, token, services: { Jobs: jobs, Cluster: cluster }, closeLimitMs: 100 });

async function errorOf(call: Promise<unknown>): Promise<LangevinError> {
  const thrown: unknown = await call.then(
    () => undefined,
    (error: unknown) => error,
  );
  if (!(thrown instanceof LangevinError)) throw new Error(`expected a LangevinError, got ${String(thrown)}`);
  return thrown;
}

async function collect<Item>(items: AsyncIterable<Item>): Promise<Item[]> {
  const all: Item[] = [];
  for await (const item of items) all.push(item);
  return all;
}

describe('a server and its clients', () => {
  it('answer a unary call with exact 64-bit integers, enums by name and defaults', async () => {
    await using server = await serve();
    using client = connect(server.address, token, 'Jobs');
    const job = await client.submit({ specJson: '{}' });
    expect(job).toMatchObject({ id: 'digits', specJson: '{}', step: '9007199254740993', phase: 'JOB_PHASE_UNSPECIFIED', trainers: [] });
    expect((await client.get({ id: 'digits' })).phase).toBe('JOB_PHASE_RUNNING');
  });

  it('speak both ways on one stream and name the member of a oneof', async () => {
    await using server = await serve();
    using client = connect(server.address, token, 'Cluster');
    const stream = client.attach();
    stream.write({ hello: { name: 't1' } });
    stream.end();
    const replies = await collect(receive(stream, client.peer));
    expect(replies.map((reply) => [reply.body, reply.welcome?.trainerId])).toEqual([['welcome', 't1']]);
  });

  it('carry the code and the message of an error through a unary call', async () => {
    await using server = await serve();
    using client = connect(server.address, token, 'Jobs');
    expect(await errorOf(client.get({ id: 'faces' }))).toMatchObject({ code: 'job_unknown', message: 'no job "faces": see `langevin job ls`' });
  });

  it('carry an error through a stream, after the messages before it', async () => {
    await using server = await serve();
    using client = connect(server.address, token, 'Jobs');
    const seen: string[] = [];
    const watch = (async () => {
      for await (const job of receive(client.watch({ id: 'digits' }), client.peer)) seen.push(job.step);
    })();
    expect(await errorOf(watch)).toMatchObject({ code: 'non_finite', message: 'the gradient of step 2 is not finite: lower learningRate' });
    expect(seen).toEqual(['1']);
  });

  it('cancel a stream at the server when its reader leaves the loop', async () => {
    let cancelled: Promise<unknown> | undefined;
    const Watch = serverStreamHandler<{ id: string }, Job>(async (call) => {
      cancelled = once(call, 'cancelled');
      call.write({ id: call.request.id });
      await cancelled;
    });
    await using server = await startServer({ port: 0, token, services: { Jobs: { ...jobs, Watch } } });
    using client = connect(server.address, token, 'Jobs');
    for await (const job of receive(client.watch({ id: 'endless' }), client.peer)) {
      expect(job.id).toBe('endless');
      break;
    }
    await cancelled;
    expect(cancelled).toBeDefined();
  });

  it('tell the handler of a bidirectional stream that its caller went away', async () => {
    let ended: Promise<void> | undefined;
    const Attach: ServiceHandlers['Cluster']['Attach'] = duplexHandler((call) => {
      ended = (async () => {
        for await (const message of requests(call)) call.write({ welcome: { trainerId: message.hello?.name ?? '' } });
      })();
      return ended;
    });
    await using server = await startServer({ port: 0, token, services: { Cluster: { Attach } } });
    using client = connect(server.address, token, 'Cluster');
    const stream = client.attach();
    stream.write({ hello: { name: 't1' } });
    for await (const reply of receive(stream, client.peer)) {
      expect(reply.welcome?.trainerId).toBe('t1');
      break;
    }
    expect(await errorOf(ended ?? Promise.resolve())).toMatchObject({ code: 'cancelled', message: expect.stringContaining('went away') });
  });

  it('end a unary call that is not answered before its deadline', async () => {
    await using server = await serve();
    using client = connect(server.address, token, 'Jobs');
    expect(await errorOf(client.cancel({ id: 'digits' }, { timeoutMs: 50 }))).toMatchObject({
      code: 'unavailable',
      message: expect.stringContaining('did not answer in time'),
    });
  });

  it.each([['before', true], ['during', false]])('cancel a unary call by a signal that aborts %s it', async (_when, early) => {
    await using server = await serve();
    using client = connect(server.address, token, 'Jobs');
    const controller = new AbortController();
    if (early) controller.abort();
    const options: UnaryOptions = { signal: controller.signal };
    const call = errorOf(client.cancel({ id: 'digits' }, options));
    controller.abort();
    expect((await call).code).toBe('cancelled');
  });
});

describe('the token', () => {
  const refusal = { code: 'unauthenticated', message: expect.stringContaining('`langevin up`') };

  it('is required by unary calls', async () => {
    await using server = await serve();
    using client = connect(server.address, 'wrong', 'Jobs');
    expect(await errorOf(client.list({}))).toMatchObject(refusal);
  });

  it('is required by server streams', async () => {
    await using server = await serve();
    using client = connect(server.address, 'wrong', 'Jobs');
    expect(await errorOf(collect(receive(client.watch({ id: 'digits' }), client.peer)))).toMatchObject(refusal);
  });

  it('is required by bidirectional streams', async () => {
    await using server = await serve();
    using client = connect(server.address, `${token}x`, 'Cluster');
    const stream = client.attach();
    stream.write({ hello: { name: 't1' } });
    expect(await errorOf(collect(receive(stream, client.peer)))).toMatchObject(refusal);
  });

  it('is required by health checks', async () => {
    await using server = await serve();
    expect(await errorOf(checkHealth(server.address, 'wrong'))).toMatchObject(refusal);
    expect(await checkHealth(server.address, token)).toBe('SERVING');
    expect(await checkHealth(server.address, token, { service: 'Jobs' })).toBe('SERVING');
  });

  it('is missed by name where a call carries none', async () => {
    await using server = await serve();
    const session = connectHttp2(`http://${server.address}`);
    const request = session.request({ ':method': 'POST', ':path': '/langevin.v1.Jobs/List', 'content-type': 'application/grpc', te: 'trailers' });
    request.end();
    const [headers] = (await once(request, 'response')) as [Record<string, string>];
    session.destroy();
    expect(headers['grpc-status']).toBe('16');
    expect(decodeURIComponent(headers['grpc-message'] ?? '')).toContain('this call carries no token');
  });

  it.each(['', 'two words', 'naïve', 'line\n'])('is refused at once when it cannot travel: %j', async (bad) => {
    expect(() => connect('127.0.0.1:1', bad, 'Jobs')).toThrow(/token is empty or holds blanks/);
    expect((await errorOf(startServer({ port: 0, token: bad, services: {} }))).code).toBe('invalid_argument');
  });
});

describe('startServer', () => {
  it('says which port is taken and how to choose another', async () => {
    await using first = await serve();
    const error = await errorOf(serve(first.port));
    expect(error.code).toBe('address_in_use');
    expect(error.message).toBe(
      `port ${first.port} on 127.0.0.1 is taken: stop the process that listens there, or choose another port with --port (0 takes any free one)`,
    );
  });

  it('refuses an address that is not of this machine, and a port that is none', async () => {
    expect(await errorOf(startServer({ host: '192.0.2.1', insecure: true, port: 0, token, services: {} }))).toMatchObject({
      code: 'invalid_argument',
      message: expect.stringContaining('cannot listen on 192.0.2.1:0'),
    });
    expect((await errorOf(startServer({ port: 70_000, token, services: {} }))).message).toContain('port 70000');
  });

  it('closes within its limit although a stream is open, and frees the port', async () => {
    const server = await serve();
    using client = connect(server.address, token, 'Jobs');
    const stream = receive(client.watch({ id: 'endless' }), client.peer);
    await stream.next();
    const rest = errorOf(collect(stream));
    await Promise.all([server.close(), server.close()]);
    expect((await rest).code).toMatch(/unavailable|cancelled/);
    await using again = await serve(server.port);
    expect(again.port).toBe(server.port);
  });
});

describe('limits', () => {
  it('refuse an oversized request with both sizes and go on serving', async () => {
    await using server = await serve();
    using client = connect(server.address, token, 'Jobs');
    const error = await errorOf(client.submit({ specJson: 'x'.repeat(maxControlBytes + 1) }));
    expect(error.code).toBe('invalid_argument');
    expect(error.message).toContain(String(maxControlBytes));
    expect((await client.list({})).jobs).toEqual([]);
  });

  it('are the server\'s own: a caller that ignores them is refused too', async () => {
    await using server = await serve();
    const session = connectHttp2(`http://${server.address}`);
    const request = session.request({
      ':method': 'POST', ':path': '/langevin.v1.Jobs/List', 'content-type': 'application/grpc', te: 'trailers', authorization: `Bearer ${token}`,
    });
    const frame = Buffer.alloc(5 + maxControlBytes + 1);
    frame.writeUInt32BE(maxControlBytes + 1, 1);
    request.on('error', () => { /* The server may reset the stream after its refusal. */ });
    request.end(frame);
    const [headers] = (await once(request, 'response')) as [Record<string, string>];
    session.destroy();
    expect(headers['grpc-status']).toBe('8');
    expect(decodeURIComponent(headers['grpc-message'] ?? '')).toContain(String(maxControlBytes));
  });

  it('refuse an oversized reply', async () => {
    await using server = await serve();
    using client = connect(server.address, token, 'Jobs');
    expect(await errorOf(client.trainers({}))).toMatchObject({ code: 'invalid_argument', message: expect.stringContaining(String(maxListBytes)) });
  });
});

describe('a client without a server', () => {
  it('says how to start one', async () => {
    const server = await serve();
    await server.close();
    using client = connect(server.address, token, 'Jobs');
    const message = `no coordinator at ${server.address}: start one with \`langevin up\``;
    expect(await errorOf(client.list({}))).toMatchObject({ code: 'unavailable', message });
    expect(await errorOf(collect(receive(client.watch({ id: 'digits' }), client.peer)))).toMatchObject({ code: 'unavailable', message });
    expect(await errorOf(client.ready(50))).toMatchObject({ code: 'unavailable' });
    expect((await errorOf(checkHealth(server.address, token))).message).toBe(message);
  });

  it('is ready once one listens', async () => {
    await using server = await serve();
    using client = connect(server.address, token, 'Jobs');
    await expect(client.ready(5000)).resolves.toBeUndefined();
  });
});

describe('malformed traffic', () => {
  it('that is not HTTP/2 does not stop the server', async () => {
    await using server = await serve();
    const socket = connectTcp(server.port, '127.0.0.1');
    socket.on('error', () => { /* The server may reset a connection that speaks nonsense. */ });
    socket.end(Buffer.from('GET / HTTP/1.1\r\n\r\n\0\xff\xff', 'latin1'));
    await once(socket.resume(), 'close');
    using client = connect(server.address, token, 'Jobs');
    expect((await client.list({})).jobs).toEqual([]);
  });

  it.each([
    ['a message that is no protobuf', Buffer.from([0, 0, 0, 0, 3, 0xff, 0xff, 0xff])],
    ['a frame that announces 4 GiB', Buffer.from([0, 0xff, 0xff, 0xff, 0xff, 1])],
    ['half a frame', Buffer.from([0, 0, 0])],
  ])('in a call (%s) ends that call alone', async (_what, body) => {
    await using server = await serve();
    const session = connectHttp2(`http://${server.address}`);
    const request = session.request({
      ':method': 'POST', ':path': '/langevin.v1.Jobs/Submit', 'content-type': 'application/grpc', te: 'trailers', authorization: `Bearer ${token}`,
    });
    request.on('error', () => { /* A reset of the stream is as good an answer as a status. */ });
    request.end(body);
    await once(request.resume(), 'close');
    session.destroy();
    using client = connect(server.address, token, 'Jobs');
    expect((await client.list({})).jobs).toEqual([]);
  });
});
