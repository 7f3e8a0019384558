/** Reads the contents of a region's events, in central, and in the region before it accepts a request. */
import { decodeEvent, type EventBody, type EventContract, UnreadableError } from '../../../replication/index.ts';
import { checkoutContract } from './checkout-event.ts';
import { orderContract } from './order-event.ts';
import { regionContract } from './region-event.ts';
import { stockContract } from './stock-event.ts';

type ContentOf<Contract> = Contract extends EventContract<infer Content> ? Content : never;

export type EventContent =
  | ContentOf<typeof orderContract>
  | ContentOf<typeof stockContract>
  | ContentOf<typeof checkoutContract>
  /** The region has sent everything again in this epoch. */
  | ContentOf<typeof regionContract>;

/** The contracts of all events that a region publishes. @internal exported for tests */
export const CONTRACTS: readonly EventContract<EventContent>[] = [
  orderContract,
  stockContract,
  checkoutContract,
  regionContract,
];

/** @throws UnreadableError with the reason */
export function readContent(event: EventBody): EventContent {
  return decodeEvent(CONTRACTS, event);
}

/** @returns the reason why the first unreadable event cannot be read; `undefined` if all events are readable */
export function unreadableReason(events: readonly EventBody[]): string | undefined {
  for (const event of events) {
    try {
      readContent(event);
    } catch (error) {
      if (error instanceof UnreadableError) {
        return error.message;
      }
      throw error;
    }
  }
  return undefined;
}
