/** Spans for the processing of a batch of events, linked to the spans in which the events were written. */
import { inLinkedSpan } from '../../shared/tracing/spans.ts';
import type { Batch } from '../transport/transport.ts';

const OPERATIONS = {
  publish: { kind: 'PRODUCER', type: 'send' },
  apply: { kind: 'CONSUMER', type: 'process' },
} as const;

/** Attributes: https://opentelemetry.io/docs/specs/semconv/messaging/messaging-spans/ */
export function inBatchSpan<T>(
  operation: keyof typeof OPERATIONS,
  { region, epoch, events }: Batch,
  work: () => Promise<T>,
): Promise<T> {
  const { kind, type } = OPERATIONS[operation];
  return inLinkedSpan(
    () => ({
      name: `${operation} ${region}`,
      kind,
      attributes: {
        'messaging.operation.name': operation,
        'messaging.operation.type': type,
        'messaging.destination.name': region,
        'messaging.batch.message_count': events.length,
        'meridian.epoch': epoch,
      },
      traceparents: events.map(({ traceparent }) => traceparent),
    }),
    work,
  );
}
