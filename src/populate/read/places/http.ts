/** Reads files from web servers. */
import { RemoteFault, type RemotePart } from './remote-part.ts';

/** Transient response codes. */
const PASSING = new Set([408, 425, 429, 500, 502, 503, 504]);

/**
 * @param url includes user and password if the server requires them
 * @param from the first byte to read
 * @param version the entity tag, or last modification time, of the bytes before it
 */
export async function openHttp(url: string, from: number, version: string | undefined): Promise<RemotePart> {
  const { address, authorization } = withoutCredentials(url);
  const response = await fetch(address, {
    headers: {
      // a range of compressed bytes would consist of other bytes
      'accept-encoding': 'identity',
      ...(authorization === undefined ? {} : { authorization }),
      ...(from > 0 && version !== undefined ? { range: `bytes=${from}-`, 'if-range': version } : {}),
    },
  }).catch((error: unknown) => {
    throw unreachable((error as { readonly cause?: Cause }).cause, { cause: error });
  });
  const { status, headers, body } = response;
  if (!response.ok || body === null) {
    await body?.cancel();
    const sentence = `the server answered ${status}${response.statusText === '' ? '' : ` ${response.statusText}`}`;
    throw PASSING.has(status) ? new Error(sentence) : new RemoteFault(sentence);
  }
  const [, first, total] = /^bytes (\d+)-\d+\/(\d+|\*)$/.exec(headers.get('content-range') ?? '') ?? [];
  const start = status === 206 ? Number(first ?? Number.NaN) : 0;
  if (start !== 0 && start !== from) {
    await body.cancel();
    throw new RemoteFault('the server answered with another part of the file than was asked for');
  }
  const isEncoded = headers.has('content-encoding');
  const length = status === 206 ? total : headers.get('content-length');
  return {
    from: start,
    bytes: body as AsyncIterable<Uint8Array>,
    size: isEncoded || length === null || length === undefined || length === '*' ? undefined : Number(length),
    version: isEncoded ? undefined : versionIn(headers),
  };
}

/** The cause of a connection error of `fetch`. */
interface Cause {
  readonly code?: string;
  readonly message?: string;
  /** OpenSSL's message, without its numbers. */
  readonly reason?: string;
}

function unreachable({ code = '', message, reason = code }: Cause = {}, options: ErrorOptions): Error {
  if (code.startsWith('ERR_SSL_')) {
    return new RemoteFault(
      `no TLS with the server (${reason}); if it has none, the address begins with http://`,
      options,
    );
  }
  const sentence = message || code || 'the server cannot be reached';
  return /CERT|UNABLE_TO_/.test(code) ? new RemoteFault(sentence, options) : new Error(sentence, options);
}

/** Weak entity tags state that files mean the same, not that their bytes are equal. */
function versionIn(headers: Headers): string | undefined {
  const tag = headers.get('etag');
  return tag?.startsWith('"') ? tag : (headers.get('last-modified') ?? undefined);
}

function withoutCredentials(url: string): { readonly address: URL; readonly authorization: string | undefined } {
  const address = new URL(url);
  const { username, password } = address;
  address.username = '';
  address.password = '';
  const plain = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
  return { address, authorization: plain === ':' ? undefined : `Basic ${Buffer.from(plain).toString('base64')}` };
}
