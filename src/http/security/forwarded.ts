/** Requests that a proxy passes on: they come from the proxy's address, not from that of their sender. */
import type { IncomingHttpHeaders } from 'node:http';

/** Those that RFC 7239 and RFC 9110 define, and those that proxies send by custom. */
const FORWARDED = new Set(['forwarded', 'via', 'x-real-ip', 'x-client-ip', 'x-cluster-client-ip', 'true-client-ip']);

const CUSTOM = /^x-forwarded(?:-.*)?$/;

/** Whether a header says that another address has sent the request. */
export function isForwarded(headers: IncomingHttpHeaders): boolean {
  for (const name in headers) {
    if (FORWARDED.has(name) || (name.startsWith('x-f') && CUSTOM.test(name))) {
      return true;
    }
  }
  return false;
}
