/** What a request to an S3 server came to when it did not succeed: an answer with an error, or no answer. */
export class S3Failure extends Error {
  /** HTTP status; 0 without an answer. */
  readonly status: number;
  /** Code of the S3 error (`NoSuchKey` …), or the system's (`ECONNRESET` …); empty if there is none. */
  readonly code: string;

  constructor(status: number, code: string, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'S3Failure';
    this.status = status;
    this.code = code;
  }

  /** Reads the answer of a server. Nothing but its code and its first words is kept: the rest may echo what was signed. */
  static fromAnswer(status: number, headers: Readonly<Record<string, unknown>>, body: string): S3Failure {
    const header = headers['x-minio-error-code'];
    const code = /<Code>([A-Za-z0-9]{1,64})<\/Code>/.exec(body)?.[1] ?? (typeof header === 'string' ? header : '');
    const words = /<Message>([^<]{1,200})/.exec(body)?.[1] ?? '';
    return new S3Failure(status, code, `HTTP ${status}${code === '' ? '' : ` ${code}`}${words === '' || status === 403 ? '' : `: ${words}`}`);
  }

  /** Wraps what a request threw; an S3Failure passes through. */
  static from(thrown: unknown): S3Failure {
    if (thrown instanceof S3Failure) return thrown;
    // By shape, since an error of another realm is no instance of this one's Error.
    const code: unknown = typeof thrown === 'object' && thrown !== null ? Reflect.get(thrown, 'code') : undefined;
    const message: unknown = typeof thrown === 'object' && thrown !== null ? Reflect.get(thrown, 'message') : undefined;
    const text = typeof message === 'string' && message !== '' ? message : String(code ?? thrown);
    return new S3Failure(0, typeof code === 'string' ? code : '', text, { cause: thrown });
  }

  /** Whether the certificate of the server is not one that is trusted. */
  get isDistrust(): boolean {
    return this.status === 0 && /^(CERT_|ERR_TLS_CERT|UNABLE_TO|DEPTH_ZERO|SELF_SIGNED)/.test(this.code);
  }

  /** Whether the server has no room left. MinIO has a code of its own for that, and none when it finds out late. */
  get isFull(): boolean {
    return this.status === 507 || /QuotaExceeded$/.test(this.code) || (this.status === 500 && /no space left on device/.test(this.message));
  }

  /** Whether the same request may well succeed a little later. */
  get isTransient(): boolean {
    if (this.status === 0) return !permanentCodes.test(this.code);
    if (this.isFull) return false;
    if (this.status === 409) return this.code === 'ConditionalRequestConflict' || this.code === 'OperationAborted';
    if (this.code === 'RequestTimeout') return true;
    return transientStatuses.has(this.status);
  }
}

const transientStatuses = new Set([408, 429, 499, 500, 502, 503, 504, 520]);

/** A certificate that is not trusted, or a protocol that is not spoken, will be no better in a second. */
const permanentCodes = /^(CERT_|ERR_TLS|ERR_SSL|ERR_INVALID|ERR_HTTP_INVALID|ERR_UNESCAPED|HPE_|EPROTO|UNABLE_TO|DEPTH_ZERO|SELF_SIGNED)/;
