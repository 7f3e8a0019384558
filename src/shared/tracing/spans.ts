/** Spans of work that is done for others: in one transaction with theirs, or later and in another process. */
import { inSpan, openTelemetry } from './open-telemetry.ts';
import { readTraceparent } from './traceparent.ts';

/** Links that an SDK keeps of a span, unless it is configured otherwise. */
const MAX_LINKS = 128;

/** Work on several things at once, which others have begun. */
interface LinkedWork {
  readonly name: string;
  readonly kind: 'PRODUCER' | 'CONSUMER';
  readonly attributes: Readonly<Record<string, string | number>>;
  /** The spans in which they were begun. */
  readonly traceparents: readonly (string | undefined)[];
}

/** Runs the work in a span that is linked to those in which it was begun; in none while no SDK is registered. */
export function inLinkedSpan<T>(describe: () => LinkedWork, work: () => Promise<T>): Promise<T> {
  const api = openTelemetry();
  if (api === undefined) {
    return work();
  }
  const { name, kind, attributes, traceparents } = describe();
  // a service that a request has started goes on after its span has ended
  const isWithinOther = api.trace.getActiveSpan()?.isRecording() ?? false;
  const distinct = new Set(traceparents.filter((one) => one !== undefined));
  const contexts = [...distinct].slice(0, MAX_LINKS).map(readTraceparent);
  const links = contexts.flatMap((context) => (context === undefined ? [] : [{ context }]));
  const options = { kind: api.SpanKind[kind], attributes, links, root: !isWithinOther };
  return inSpan(api, { name, options, parent: api.context.active() }, work);
}

/**
 * The work in the span that is active now, whatever is active when it is called: for work of several callers that one of them does for all.
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
