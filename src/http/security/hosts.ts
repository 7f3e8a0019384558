/**
 * The names that the server answers to. A page of another site can have its own name resolve to this machine (DNS rebinding), and would
 * then be of the same origin; the browser still sends that name as the host. An IP address cannot be made to mean another one.
 */
import { isIP } from 'node:net';
import { Problem } from '../problem.ts';

const LOOPBACK_NAME = 'localhost';

/** Whether a host can only be reached from this machine. */
export function isLoopback(host: string): boolean {
  return host === LOOPBACK_NAME || host === '::1' || /^127(\.\d{1,3}){3}$/.test(host);
}

/**
 * @param own the host that the server is bound to
 * @param origin where the server is reached from outside, such as `https://meridian.example`
 */
export function allowedHosts(own: string, origin: URL | undefined): (header: string | undefined) => boolean {
  const names = new Set([LOOPBACK_NAME, own.toLowerCase(), ...(origin === undefined ? [] : [origin.hostname])]);
  // most requests name the same one
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

/** Without its port, and an IPv6 address without its brackets. */
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
