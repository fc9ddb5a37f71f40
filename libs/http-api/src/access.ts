import { createHash, timingSafeEqual } from 'node:crypto';

/** What a request must prove before anything else is looked at. */
export class Access {
  /** Name of the cookie: cookies do not know ports, and one machine may run several clusters. */
  readonly cookieName: string;
  readonly #token: Buffer;
  readonly #session: Buffer;
  readonly #sessionText: string;

  /** @param port tells the cookies of several coordinators on a host apart */
  constructor(token: string, port: number) {
    this.cookieName = `langevin_${port}`;
    this.#token = digest(token);
    // The cookie is not the token: whoever reads it can use this API, but not join the cluster.
    this.#sessionText = digest(`langevin http session ${token}`).toString('base64url');
    this.#session = digest(this.#sessionText);
  }

  /** Whether this is the token, in a time that does not depend on how much of it is right. */
  isToken(candidate: string): boolean {
    return timingSafeEqual(digest(candidate), this.#token);
  }

  /** Whether the headers bring the token (RFC 6750, §2.1) or the cookie. */
  allows({ authorization, cookie }: { readonly authorization?: string | undefined; readonly cookie?: string | undefined }): boolean {
    if (authorization !== undefined) {
      const bearer = /^Bearer +(\S+)$/i.exec(authorization)?.[1];
      return bearer !== undefined && this.isToken(bearer);
    }
    const session = cookieValue(cookie ?? '', this.cookieName);
    return session !== undefined && timingSafeEqual(digest(session), this.#session);
  }

  /** The `Set-Cookie` header for a browser that has shown the token. */
  setCookie(isSecure: boolean): string {
    return `${this.cookieName}=${this.#sessionText}; Path=/; HttpOnly; SameSite=Strict${isSecure ? '; Secure' : ''}`;
  }
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}

function cookieValue(header: string, name: string): string | undefined {
  for (const pair of header.split(';')) {
    const [key, value] = pair.trim().split('=', 2);
    if (key === name) return value;
  }
  return undefined;
}
