/** An answer that was no success, or no answer at all: `status` is then 0 and `code` `unreachable`. */
export class RequestError extends Error {
  readonly status: number;
  readonly code: string;

  constructor(status: number, code: string, message: string, options?: { readonly cause?: unknown }) {
    super(message, options);
    this.name = 'RequestError';
    this.status = status;
    this.code = code;
  }
}
