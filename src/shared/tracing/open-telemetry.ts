/**
 * OpenTelemetry's API. Which SDK records spans is the project's choice: until one has registered itself, nothing is imported and nothing
 * is recorded.
 */
import { createRequire } from 'node:module';
import type * as Api from '@opentelemetry/api';

/** Where the API keeps what an SDK registers, whichever copies of the API there are. */
const REGISTERED = Symbol.for('opentelemetry.js.api.1');

interface Registry {
  readonly [REGISTERED]?: { readonly trace?: unknown };
}

const require = createRequire(import.meta.url);
let imported: typeof Api | 'missing' | undefined;

/** Nothing while no SDK is registered that records spans: the API would make some all the same, which takes longer than reading a row. */
export function openTelemetry(): typeof Api | undefined {
  const { trace } = (globalThis as Registry)[REGISTERED] ?? {};
  if (trace === undefined) {
    return undefined;
  }
  imported ??= importApi();
  return imported === 'missing' ? undefined : imported;
}

function importApi(): typeof Api | 'missing' {
  try {
    return require('@opentelemetry/api') as typeof Api;
  } catch {
    // the SDK has a copy of its own, which cannot be found from here
    return 'missing';
  }
}

interface NewSpan {
  readonly name: string;
  readonly options: Api.SpanOptions;
  readonly parent: Api.Context;
  /** Whether the span has failed when its work throws an error; by itself, it has. */
  isFault?(error: unknown): boolean;
}

/** Runs the work in a new span. */
export function inSpan<T>(
  { trace, SpanStatusCode }: typeof Api,
  { name, options, parent, isFault = () => true }: NewSpan,
  work: (span: Api.Span) => Promise<T>,
): Promise<T> {
  return trace.getTracer('meridian').startActiveSpan(name, options, parent, async (span) => {
    try {
      return await work(span);
    } catch (error) {
      if (isFault(error)) {
        span.setStatus({ code: SpanStatusCode.ERROR });
      }
      throw error;
    } finally {
      span.end();
    }
  });
}
