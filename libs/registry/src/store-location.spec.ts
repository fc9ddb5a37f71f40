import { join } from 'node:path';
import { temporaryFolder } from '@langevin/testing';
import { formatStoreLocation, openStore, parseStoreLocation } from './store-location.js';

describe('a store location', () => {
  it.each([
    ['s3://bucket', { kind: 's3', bucket: 'bucket', prefix: '' }],
    ['s3://bucket/', { kind: 's3', bucket: 'bucket', prefix: '' }],
    ['s3://my.bucket-1/team/a?endpoint=http://127.0.0.1:9000', { kind: 's3', bucket: 'my.bucket-1', prefix: 'team/a', endpoint: 'http://127.0.0.1:9000' }],
    ['s3://bucket?region=eu-west-1&endpoint=https://minio.example', { kind: 's3', bucket: 'bucket', prefix: '', endpoint: 'https://minio.example', region: 'eu-west-1' }],
    ['/data/store', { kind: 'directory', path: '/data/store' }],
    ['/data/a?b', { kind: 'directory', path: '/data/a?b' }],
  ])('%s is read', (text, expected) => {
    const location = parseStoreLocation(text);
    expect(location).toEqual(expected);
    expect(parseStoreLocation(formatStoreLocation(location))).toEqual(location);
  });

  it.each([
    ['', 'needs a location'],
    ['gs://bucket', 'gs:// is not known'],
    ['s3://', 'no name of a bucket'],
    ['s3://Bucket', 'no name of a bucket'],
    ['s3://bucket/Prefix', 'not valid'],
    ['s3://bucket/../other', 'not valid'],
    ['s3://bucket?endpoint=127.0.0.1:9000', 'no endpoint'],
    ['s3://bucket?endpoint=http://host/path', 'no endpoint'],
    ['s3://bucket?endpoint=http://a&endpoint=http://b', 'endpoint twice'],
    ['s3://bucket?region=Mars!', 'region'],
    ['s3://bucket?endPoint=http://a', 'no parameter "endPoint"'],
  ])('%s is refused: %s', (text, words) => {
    expect(() => parseStoreLocation(text)).toThrow(expect.objectContaining({ code: 'invalid_argument', message: expect.stringContaining(words) }));
  });

  it.each(['s3://key:hunter2@bucket', 's3://bucket?endpoint=http://key:hunter2@host', 's3://bucket?endpoint=key:hunter2@host', 's3://bucket?secretKey=hunter2', 's3://bucket?secret=hunter2&x=hunter2'])(
    '%s is refused, without a word of the secret',
    (text) => {
      expect(() => parseStoreLocation(text)).toThrow(expect.objectContaining({ code: 'invalid_argument', message: expect.not.stringContaining('hunter2') }));
    },
  );
});

describe('openStore', () => {
  it('makes a directory, unless it is only to be read', async () => {
    await using folder = await temporaryFolder();
    const path = join(folder.path, 'new');
    await expect(openStore(path, { create: false })).rejects.toMatchObject({ code: 'storage_failed', message: expect.stringContaining(`there is no store at ${path}`) });
    expect((await openStore(path)).location).toBe(path);
    expect((await openStore(path, { create: false })).location).toBe(path);
  });

  it('asks for credentials before it speaks to a server', async () => {
    await expect(openStore('s3://bucket?endpoint=http://127.0.0.1:1', { env: {} })).rejects.toMatchObject({ code: 'access_denied' });
  });
});
