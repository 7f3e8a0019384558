/** Reads the JSON payload of events, for all aggregates. */
import { parseJson } from '../../shared/json/parse.ts';
import { ruleErrors } from '../../shared/rules/rules.ts';
import { MAX_PAYLOAD_BYTES } from './envelope.ts';
import type { EventBody } from './event.ts';

/** The maximum nesting depth of objects and lists, beyond that of valid details. @internal exported for tests */
export const MAX_PAYLOAD_DEPTH = 64;

/** The unvalidated JSON object of an event. */
export type Payload = Readonly<Record<string, unknown>>;

/** Thrown for an event that cannot be read. The message is the reason, without a full stop. */
export class UnreadableError extends Error {
  override readonly name = 'UnreadableError';
}

/** @throws UnreadableError for anything but a JSON object, and for one that exceeds the limits */
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
  // checked before any code recurses into the value
  if (isDeeper(value, MAX_PAYLOAD_DEPTH)) {
    throw new UnreadableError(`the payload is nested deeper than ${MAX_PAYLOAD_DEPTH} levels`);
  }
  return value as Payload;
}

/** Whether objects and lists are nested deeper than `most`. */
function isDeeper(value: unknown, most: number): boolean {
  return (
    typeof value === 'object' &&
    value !== null &&
    (most === 0 || Object.values(value).some((inner) => isDeeper(inner, most - 1)))
  );
}

/** @throws UnreadableError when the payload has another id than the event */
export function refuseOther(what: string, id: unknown, aggregateId: number): void {
  if (id !== aggregateId) {
    throw new UnreadableError(`the payload is about ${what} ${shown(id)}, the event about ${aggregateId}`);
  }
}

/** Whether a number is a valid version of an aggregate. */
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

/** @param keepsRules compiled from the class of the entity @throws UnreadableError with every violated rule */
export function refuseBroken<T extends object>(entity: T, keepsRules: (entity: object) => boolean): T {
  const errors = keepsRules(entity) ? [] : ruleErrors(entity);
  if (errors.length > 0) {
    throw new UnreadableError(errors.map(({ message }) => message).join('; '));
  }
  return entity;
}

const MAX_SHOWN = 100;

/** Shows a scalar; of an object or list only its kind, since it may be nested too deep to be printed. */
function shown(value: unknown): string {
  if (typeof value === 'object' && value !== null) {
    return Array.isArray(value) ? 'a list' : 'an object';
  }
  return value === undefined ? 'nothing' : String(value).slice(0, MAX_SHOWN);
}
