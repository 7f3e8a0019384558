/** How the JSON that an event carries is read, whatever it is about. */
import { parseJson } from '../../shared/json/parse.ts';
import { ruleErrors } from '../../shared/rules/rules.ts';
import { MAX_PAYLOAD_BYTES } from './envelope.ts';
import type { EventBody } from './event.ts';

/** Objects and lists within each other: more than details may have. @internal exported for tests */
export const MAX_PAYLOAD_DEPTH = 64;

/** The JSON object of an event, of which nothing is known yet. */
export type Payload = Readonly<Record<string, unknown>>;

/** A reason why an event cannot be read, without a full stop. */
export class UnreadableError extends Error {
  override readonly name = 'UnreadableError';
}

/** @throws UnreadableError for anything but one JSON object, and for one beyond the limits */
export function readPayload({ payload: text }: Pick<EventBody, 'payload'>): Payload {
  const bytes = Buffer.byteLength(text);
  if (bytes > MAX_PAYLOAD_BYTES) {
    throw new UnreadableError(
      `the payload has ${bytes.toLocaleString('en')} bytes, and can have at most ${MAX_PAYLOAD_BYTES.toLocaleString('en')}`,
    );
  }
  let value: unknown;
  try {
    value = parseJson(text);
  } catch (error) {
    throw new UnreadableError('the payload is not a JSON object', { cause: error });
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new UnreadableError('the payload is not a JSON object');
  }
  // before anything that follows the nesting to its end
  if (isDeeper(value, MAX_PAYLOAD_DEPTH)) {
    throw new UnreadableError(`the payload is nested deeper than ${MAX_PAYLOAD_DEPTH} levels`);
  }
  return value as Payload;
}

/** Whether more objects and lists stand within each other than `most`. */
function isDeeper(value: unknown, most: number): boolean {
  return (
    typeof value === 'object' &&
    value !== null &&
    (most === 0 || Object.values(value).some((inner) => isDeeper(inner, most - 1)))
  );
}

/** @throws UnreadableError when the payload is about another thing than the event */
export function refuseOther(what: string, id: unknown, aggregateId: number): void {
  if (id !== aggregateId) {
    throw new UnreadableError(`the payload is about ${what} ${shown(id)}, the event about ${aggregateId}`);
  }
}

/** Whether an event may have it. */
export function isVersion(value: number): boolean {
  return Number.isSafeInteger(value) && value >= 1;
}

/** @throws UnreadableError */
export function readVersion({ aggregateVersion }: Pick<EventBody, 'aggregateVersion'>): number {
  if (!isVersion(aggregateVersion)) {
    throw new UnreadableError(`Version must be a whole number from 1 to ${Number.MAX_SAFE_INTEGER}`);
  }
  return aggregateVersion;
}

/** @param keepsRules compiled from the class of the entity @throws UnreadableError with every rule that is broken */
export function refuseBroken<T extends object>(entity: T, keepsRules: (entity: object) => boolean): T {
  const errors = keepsRules(entity) ? [] : ruleErrors(entity);
  if (errors.length > 0) {
    throw new UnreadableError(errors.map(({ message }) => message).join('; '));
  }
  return entity;
}

const MAX_SHOWN = 100;

/** Of what has parts, only what it is: it may be nested deeper than can be written. */
function shown(value: unknown): string {
  if (typeof value === 'object' && value !== null) {
    return Array.isArray(value) ? 'a list' : 'an object';
  }
  return value === undefined ? 'nothing' : String(value).slice(0, MAX_SHOWN);
}
