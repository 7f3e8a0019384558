/** Spans of work on behalf of other work: in the same transaction, or later in another process. */
import { inSpan, openTelemetry } from './open-telemetry.ts';
import { readTraceparent } from './traceparent.ts';

/** Default limit of an SDK for the links of a span. */
const MAX_LINKS = 128;

/** Work on several items, each of which was started elsewhere. */
interface LinkedWork {
  readonly name: string;
  readonly kind: 'PRODUCER' | 'CONSUMER';
  readonly attributes: Readonly<Record<string, string | number>>;
  /** The spans in which the items were started. */
  readonly traceparents: readonly (string | undefined)[];
}

/** Runs the work in a span that links to the spans in which its items were started; without a span if no SDK is registered. */
export function inLinkedSpan<T>(describe: () => LinkedWork, work: () => Promise<T>): Promise<T> {
  const api = openTelemetry();
  if (api === undefined) {
    return work();
  }
  const { name, kind, attributes, traceparents } = describe();
  // the span of a request has ended when a service that the request has started goes on
  const isWithinOther = api.trace.getActiveSpan()?.isRecording() ?? false;
  const distinct = new Set(traceparents.filter((one) => one !== undefined));
  const contexts = [...distinct].slice(0, MAX_LINKS).map(readTraceparent);
  const links = contexts.flatMap((context) => (context === undefined ? [] : [{ context }]));
  const options = { kind: api.SpanKind[kind], attributes, links, root: !isWithinOther };
  return inSpan(api, { name, options, parent: api.context.active() }, work);
}

/**
 * Binds the work to the span that is active now, whichever span is active when the work is called: for batches, in which one caller does
 * the work of several.
 *
 * ```ts
 * import { inActiveSpan } from 'meridian/outbox';
 *
 * const waiting: (() => Promise<void>)[] = [];
 * export const enqueue = (work: () => Promise<void>) => waiting.push(inActiveSpan(work));
 * ```
 */
export function inActiveSpan<Work extends (...args: never[]) => unknown>(work: Work): Work {
  const api = openTelemetry();
  return api === undefined ? work : api.context.bind(api.context.active(), work);
}
