/** OpenTelemetry spans of requests, the parents of the spans of their work. */
import type { IncomingHttpHeaders } from 'node:http';
import { inSpan, openTelemetry } from '../../shared/tracing/open-telemetry.ts';
import { problemOf } from '../problem.ts';

/** The first status of server errors. */
const FIRST_FAULT = 500;

interface TracedRequest {
  readonly method: string;
  /** The pattern of the path. */
  readonly route: string;
  readonly headers: IncomingHttpHeaders;
  readonly id: string;
}

/** Runs the work of a request within a span. */
export function traced<T>(
  { method, route, headers, id }: TracedRequest,
  work: () => T | Promise<T>,
  statusOf: (result: T) => number,
): T | Promise<T> {
  const api = openTelemetry();
  if (api === undefined) {
    return work();
  }
  const { context, propagation, SpanKind, SpanStatusCode } = api;
  const options = {
    kind: SpanKind.SERVER,
    attributes: { 'http.request.method': method, 'http.route': route, 'meridian.request.id': id },
  };
  const parent = propagation.extract(context.active(), headers);
  const isFault = (error: unknown) => problemOf(error).status >= FIRST_FAULT;
  return inSpan(api, { name: `${method} ${route}`, options, parent, isFault }, async (span) => {
    const note = (status: number) => span.setAttribute('http.response.status_code', status);
    try {
      const result = await work();
      note(statusOf(result));
      if (statusOf(result) >= FIRST_FAULT) {
        span.setStatus({ code: SpanStatusCode.ERROR });
      }
      return result;
    } catch (error) {
      note(problemOf(error).status);
      throw error;
    }
  });
}
