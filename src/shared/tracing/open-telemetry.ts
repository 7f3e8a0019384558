/**
 * OpenTelemetry's API. The project chooses the SDK that records spans: until one has registered itself, nothing is imported or recorded.
 */
import { createRequire } from 'node:module';
import type * as Api from '@opentelemetry/api';

/** Global symbol under which the API stores what an SDK registers, shared by all copies of the API. */
const REGISTERED = Symbol.for('opentelemetry.js.api.1');

interface Registry {
  readonly [REGISTERED]?: { readonly trace?: unknown };
}

const require = createRequire(import.meta.url);
let imported: typeof Api | 'missing' | undefined;

/**
 * Returns nothing until an SDK that records spans is registered: the API would create spans all the same, which takes longer than reading a
 * row.
 */
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
    // the SDK has its own copy, which cannot be resolved from here
    return 'missing';
  }
}

interface NewSpan {
  readonly name: string;
  readonly options: Api.SpanOptions;
  readonly parent: Api.Context;
  /** Whether an error of the work marks the span as failed; by default, it does. */
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
