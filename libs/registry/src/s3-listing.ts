import type { ObjectInfo } from './object-store.js';
import type { S3Connection } from './s3-connection.js';
import { S3Failure } from './s3-failure.js';

/**
 * Objects whose names start with `prefix`, in ascending order, a page of up to 1000 at a time. The answers are read here:
 * the client's parser would make numbers of names such as `007`.
 *
 * @param pageSize 1 to 1000. @default 1000
 * @throws S3Failure
 */
export async function* listObjects(connection: S3Connection, prefix: string, pageSize = 1000): AsyncGenerator<ObjectInfo> {
  for (let token = ''; ; ) {
    const { text } = await connection.ask({ method: 'GET', query: pageQuery(prefix, token, pageSize) });
    if (!text.includes('<ListBucketResult')) throw new S3Failure(200, '', 'the answer to a listing is no listing');
    for (const [, entry = ''] of text.matchAll(/<Contents>([\s\S]*?)<\/Contents>/g)) {
      yield { key: decodeURIComponent(element(entry, 'Key').replaceAll('+', ' ')), size: Number(element(entry, 'Size')) };
    }
    token = plain(element(text, 'NextContinuationToken'));
    if (element(text, 'IsTruncated') !== 'true' || token === '') return;
  }
}

function pageQuery(prefix: string, token: string, pageSize: number): string {
  const parameters: Record<string, string> = { 'encoding-type': 'url', 'list-type': '2', 'max-keys': String(pageSize), prefix };
  if (token !== '') parameters['continuation-token'] = token;
  // In order and escaped as the signature wants it.
  return Object.keys(parameters).sort().map((name) => `${name}=${encodeURIComponent(parameters[name] ?? '')}`).join('&');
}

function element(xml: string, name: string): string {
  return new RegExp(`<${name}>([^<]*)</${name}>`).exec(xml)?.[1] ?? '';
}

function plain(text: string): string {
  return text.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&quot;', '"').replaceAll('&#39;', "'").replaceAll('&amp;', '&');
}
