import http, { type ClientRequest, type IncomingMessage, type RequestOptions } from 'node:http';
import https from 'node:https';
import { S3Failure } from './s3-failure.js';

/** An error of S3 fits in this many bytes; the rest of a longer answer is not kept. */
const errorBytes = 64 * 1024;

/** The part of `node:http` that an S3 client sends its requests through. */
export interface S3Transport {
  request(options: RequestOptions, onResponse: (response: IncomingMessage) => void): ClientRequest;
}

/**
 * Sends requests with a limit on silence: one that neither sends nor receives a byte for `quietMs` fails. Answers with an
 * error status are read to their end, so that the connection is free again, and become an S3Failure.
 *
 * A reader that may pause an answer for longer lifts the limit with `response.setTimeout(0)` and keeps one of its own.
 */
export function s3Transport(secure: boolean, quietMs: number): S3Transport {
  const { request: send } = secure ? https : http;
  return {
    request(options, onResponse) {
      const request = send({ ...options, timeout: quietMs }, (response) => {
        if ((response.statusCode ?? 0) < 300) onResponse(response);
        else void readFailure(response).then((failure) => request.emit('error', failure));
      });
      request.on('timeout', () => request.destroy(new S3Failure(0, 'ETIMEDOUT', `no byte came or went for ${quietMs} ms`)));
      return request;
    },
  };
}

async function readFailure(response: IncomingMessage): Promise<S3Failure> {
  const { statusCode: status = 0, headers } = response;
  let body = '';
  try {
    response.setEncoding('utf8');
    for await (const piece of response) if (body.length < errorBytes) body += String(piece);
  } catch {
    // The status alone says enough.
  }
  return S3Failure.fromAnswer(status, headers, body);
}
