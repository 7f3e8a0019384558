/** Detects forwarded requests, which come from the address of a proxy instead of that of the sender. */
import type { IncomingHttpHeaders } from 'node:http';

/** Headers that RFC 7239 and RFC 9110 define, and de facto standard ones. */
const FORWARDED = new Set(['forwarded', 'via', 'x-real-ip', 'x-client-ip', 'x-cluster-client-ip', 'true-client-ip']);

const CUSTOM = /^x-forwarded(?:-.*)?$/;

/** Whether a header shows that a proxy has forwarded the request. */
export function isForwarded(headers: IncomingHttpHeaders): boolean {
  for (const name in headers) {
    if (FORWARDED.has(name) || (name.startsWith('x-f') && CUSTOM.test(name))) {
      return true;
    }
  }
  return false;
}
