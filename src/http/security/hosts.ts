/**
 * Checks the host names of requests. A page of another site can make its own host name resolve to this machine (DNS rebinding), and would
 * then have the same origin; but the browser still sends that name as the host. IP addresses cannot be rebound.
 */
import { isIP } from 'node:net';
import { Problem } from '../problem.ts';

const LOOPBACK_NAME = 'localhost';

/** Whether a host can only be reached from this machine. */
export function isLoopback(host: string): boolean {
  return host === LOOPBACK_NAME || host === '::1' || /^127(\.\d{1,3}){3}$/.test(host);
}

/**
 * @param own the host to which the server is bound
 * @param origin the public origin of the server, such as `https://meridian.example`
 */
export function allowedHosts(own: string, origin: URL | undefined): (header: string | undefined) => boolean {
  const names = new Set([LOOPBACK_NAME, own.toLowerCase(), ...(origin === undefined ? [] : [origin.hostname])]);
  // most requests have the same host
  let lastAllowed: string | undefined;
  return (header = '') => {
    if (header === lastAllowed) {
      return true;
    }
    const name = hostIn(header);
    const isAllowed = name !== undefined && (names.has(name) || isIP(name) !== 0);
    if (isAllowed) {
      lastAllowed = header;
    }
    return isAllowed;
  };
}

/** The host without the port, and without the brackets of an IPv6 address. */
function hostIn(header: string): string | undefined {
  const [, bracketed, name] = /^(?:\[([0-9a-fA-F:.]+)\]|([^\s:[\]/@\\]+))(?::\d{1,5})?$/.exec(header) ?? [];
  return (bracketed ?? name)?.toLowerCase();
}

export function misdirected(): Problem {
  return new Problem(
    421,
    'host',
    'This server does not answer to the host that the request names. If it is reached under that name, start it with --origin and that name.',
  );
}
