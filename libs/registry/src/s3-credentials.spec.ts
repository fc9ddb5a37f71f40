import { s3Credentials } from './s3-credentials.js';

describe('s3Credentials', () => {
  it('come from the usual variables, the first complete pair', () => {
    const minio = { MINIO_ROOT_USER: 'root', MINIO_ROOT_PASSWORD: 'password' };
    expect(s3Credentials(minio)).toEqual({ accessKey: 'root', secretKey: 'password' });
    expect(s3Credentials({ ...minio, MINIO_ACCESS_KEY: 'a', MINIO_SECRET_KEY: 'b' })).toEqual({ accessKey: 'a', secretKey: 'b' });
    expect(s3Credentials({ ...minio, AWS_ACCESS_KEY_ID: 'alone' })).toEqual({ accessKey: 'root', secretKey: 'password' });
    const aws = { AWS_ACCESS_KEY_ID: 'c', AWS_SECRET_ACCESS_KEY: 'd', AWS_SESSION_TOKEN: 'e' };
    expect(s3Credentials({ ...minio, ...aws })).toEqual({ accessKey: 'c', secretKey: 'd', sessionToken: 'e' });
  });

  it('that are missing are asked for by name', () => {
    expect(() => s3Credentials({ AWS_ACCESS_KEY_ID: 'c', AWS_SECRET_ACCESS_KEY: ' ' })).toThrow('set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY');
  });
});
