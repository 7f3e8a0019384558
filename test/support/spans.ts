/** An OpenTelemetry SDK that keeps the spans of a test in memory. */
import { afterEach } from '@jest/globals';
import { context, propagation, SpanKind, trace } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import { W3CTraceContextPropagator } from '@opentelemetry/core';
import { InMemorySpanExporter, type ReadableSpan, SimpleSpanProcessor, TracerProvider } from '@opentelemetry/sdk-trace';

/** Where the API keeps what is registered. */
const REGISTERED = Symbol.for('opentelemetry.js.api.1');

afterEach(() => {
  for (const api of [trace, context, propagation]) {
    api.disable();
  }
  // as in a process that has never had an SDK
  Reflect.deleteProperty(globalThis, REGISTERED);
});

/** What a span says that does not change with each run. */
interface SpanFacts {
  readonly name: string;
  readonly kind: string;
  readonly attributes: ReadableSpan['attributes'];
}

export interface RecordedSpans {
  /** Those that have ended, of a name. */
  named(name: string): ReadableSpan[];
  facts(): SpanFacts[];
}

/** Registers the SDK until the test ends. */
export function recordSpans(): RecordedSpans {
  const exporter = new InMemorySpanExporter();
  trace.setGlobalTracerProvider(new TracerProvider({ spanProcessors: [new SimpleSpanProcessor({ exporter })] }));
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
  propagation.setGlobalPropagator(new W3CTraceContextPropagator());
  return {
    named: (name) => exporter.getFinishedSpans().filter((span) => span.name === name),
    facts: () =>
      exporter
        .getFinishedSpans()
        .map(({ name, kind, attributes }) => ({ name, kind: SpanKind[kind] ?? '', attributes })),
  };
}

/** The ids of the spans that a span is linked to. */
export function linkedTo({ links }: ReadableSpan): string[] {
  return links.map((link) => link.context.spanId);
}
