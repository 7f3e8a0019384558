/**
 * Refuses cross-site writes, which a page of another site makes a browser send. Such a request may have a session cookie or come from this
 * machine; browsers never send a bearer token on their own. `SameSite=Strict` and the missing CORS headers already prevent most of them.
 */
import type { IncomingHttpHeaders } from 'node:http';
import { Problem } from '../problem.ts';

/**
 * @param hasCookie whether the request is authenticated by a cookie
 * @throws Problem 403
 */
export function refuseCrossSite(headers: IncomingHttpHeaders, hasCookie: boolean, origin: URL | undefined): void {
  const { 'sec-fetch-site': site, origin: from, host } = headers;
  const isOfSite = site === undefined || site === 'same-origin' || site === 'none';
  const isOfOrigin = from === undefined || hostOf(from) === host || from === origin?.origin;
  // every browser sends at least one of the two headers with a write
  const isOfBrowser = site !== undefined || from !== undefined;
  if (!isOfSite || !isOfOrigin || (hasCookie && !isOfBrowser)) {
    throw new Problem(
      403,
      'forbidden',
      'A request that changes something has to come from the page of this server, or carry a bearer token.',
    );
  }
}

function hostOf(origin: string): string | undefined {
  return URL.canParse(origin) ? new URL(origin).host : undefined;
}
