/** Spans in W3C Trace Context format, for work that continues elsewhere: https://www.w3.org/TR/trace-context/#traceparent-header */
import { openTelemetry } from './open-telemetry.ts';

/** Version 00: the ids of the trace and of the span, and flags. */
const TRACEPARENT = /^00-(?!0{32})([0-9a-f]{32})-(?!0{16})([0-9a-f]{16})-([0-9a-f]{2})$/;

export const TRACEPARENT_CHARACTERS = 55;

/** The active span; nothing if none is recorded. */
export function activeTraceparent(): string | undefined {
  const span = openTelemetry()?.trace.getActiveSpan();
  // an ended span stays active in asynchronous work that outlives it; that work does not belong to it
  if (span?.isRecording() !== true) {
    return undefined;
  }
  const { traceId, spanId, traceFlags } = span.spanContext();
  return `00-${traceId}-${spanId}-${traceFlags.toString(16).padStart(2, '0')}`;
}

export function isTraceparent(value: unknown): value is string {
  return typeof value === 'string' && TRACEPARENT.test(value);
}

/** @returns nothing if the text is not a `traceparent` */
export function readTraceparent(text: string) {
  const [, traceId, spanId, flags] = TRACEPARENT.exec(text) ?? [];
  return traceId === undefined || spanId === undefined || flags === undefined
    ? undefined
    : { traceId, spanId, traceFlags: Number.parseInt(flags, 16), isRemote: true };
}
