import { S3Failure } from './s3-failure.js';

const answer = (status: number, code: string, message = 'words'): S3Failure => S3Failure.fromAnswer(status, {}, `<Error><Code>${code}</Code><Message>${message}</Message></Error>`);

describe('S3Failure', () => {
  it.each([
    ['a connection that breaks', 'transient', S3Failure.from(Object.assign(new Error('read'), { code: 'ECONNRESET' }))],
    ['a server that asks for patience', 'transient', answer(503, 'SlowDown')],
    ['a conflict of two conditional writes', 'transient', answer(409, 'ConditionalRequestConflict')],
    ['a body that came too slowly', 'transient', answer(400, 'RequestTimeout')],
    ['a full disk', 'full', answer(507, 'XMinioStorageFull')],
    ['a full disk that the server finds out late', 'full', answer(500, 'InternalError', 'cause(no space left on device)')],
    ['a quota', 'full', answer(400, 'XMinioAdminBucketQuotaExceeded')],
    ['a certificate of nobody known', 'distrust', S3Failure.from(Object.assign(new Error('tls'), { code: 'UNABLE_TO_VERIFY_LEAF_SIGNATURE' }))],
    ['another conflict', 'permanent', answer(409, 'BucketNotEmpty')],
    ['a failed condition', 'permanent', answer(412, 'PreconditionFailed')],
    ['a missing object', 'permanent', answer(404, 'NoSuchKey')],
  ])('%s is %s', (_what, kind, failure) => {
    const kinds = { transient: failure.isTransient, full: failure.isFull, distrust: failure.isDistrust };
    expect(Object.entries(kinds).filter(([, holds]) => holds).map(([name]) => name)).toEqual(kind === 'permanent' ? [] : [kind]);
  });

  it('keeps nothing of an answer that may echo what was signed', () => {
    const denied = answer(403, 'SignatureDoesNotMatch', 'The key AKIAEXAMPLE signed');
    expect(denied).toMatchObject({ status: 403, code: 'SignatureDoesNotMatch', message: 'HTTP 403 SignatureDoesNotMatch' });
  });

  it('reads the code of an answer without a body from where MinIO puts it', () => {
    expect(S3Failure.fromAnswer(404, { 'x-minio-error-code': 'NoSuchBucket' }, '')).toMatchObject({ code: 'NoSuchBucket', message: 'HTTP 404 NoSuchBucket' });
  });
});
