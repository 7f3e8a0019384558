/** Finds the contract by which an event is decoded. */
import type { EventBody, EventContract } from './event.ts';
import { UnreadableError } from './payload.ts';

/** Decodes an event by the contract of its aggregate. @throws UnreadableError with the reason, without a full stop */
export function decodeEvent<Content>(contracts: readonly EventContract<Content>[], event: EventBody): Content {
  const contract = contracts.find(({ aggregate }) => aggregate === event.aggregate);
  if (contract === undefined) {
    throw new UnreadableError(`events about "${event.aggregate}" are not known here`);
  }
  if (event.schemaVersion !== contract.schemaVersion) {
    throw new UnreadableError(
      `schema version ${event.schemaVersion} is not known here, only ${contract.schemaVersion} is. Bring central to the version of its regions, then retry`,
    );
  }
  return contract.decode(event);
}
