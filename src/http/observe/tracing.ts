/**
 * Spans of requests through the OpenTelemetry API. Which SDK records them is the project's choice; where it has none, or the API is not
 * installed, nothing is recorded.
 */
import type { IncomingHttpHeaders } from 'node:http';

interface TracedRequest {
  readonly method: string;
  /** The pattern of the path. */
  readonly route: string;
  readonly headers: IncomingHttpHeaders;
  readonly id: string;
}

/** Runs the work of a request within a span, which the spans of the work are children of. */
export type Trace = <T>(request: TracedRequest, work: () => Promise<T>, statusOf: (result: T) => number) => Promise<T>;

const untraced: Trace = (_, work) => work();

export async function makeTrace(): Promise<Trace> {
  const api = await import('@opentelemetry/api').catch(() => undefined);
  if (api === undefined) {
    return untraced;
  }
  const { context, propagation, ProxyTracerProvider, SpanKind, SpanStatusCode, trace } = api;
  /** The API has spans that record nothing as long as no SDK is registered, and making them takes longer than reading a row. */
  const isRecorded = () => {
    const provider = trace.getTracerProvider();
    return !(provider instanceof ProxyTracerProvider) || provider.getDelegateTracer('meridian') !== undefined;
  };
  return ({ method, route, headers, id }, work, statusOf) => {
    if (!isRecorded()) {
      return work();
    }
    const options = {
      kind: SpanKind.SERVER,
      attributes: { 'http.request.method': method, 'http.route': route, 'meridian.request.id': id },
    };
    const parent = propagation.extract(context.active(), headers);
    return trace.getTracer('meridian').startActiveSpan(`${method} ${route}`, options, parent, async (span) => {
      try {
        const result = await work();
        const status = statusOf(result);
        span.setAttribute('http.response.status_code', status);
        if (status >= 500) {
          span.setStatus({ code: SpanStatusCode.ERROR });
        }
        return result;
      } catch (error) {
        span.setStatus({ code: SpanStatusCode.ERROR });
        throw error;
      } finally {
        span.end();
      }
    });
  };
}
