/** Converts NATS errors to messages for users. */
import { JetStreamApiError } from '@nats-io/jetstream';
import { PermissionViolationError } from '@nats-io/transport-node';
import { MeridianError, messageOf } from '../../../shared/errors.ts';

/** https://github.com/nats-io/nats-server/blob/main/server/errors.json */
export const CODES = {
  streamNotFound: 10059,
  consumerNotFound: 10014,
  notEnabled: 10076,
  notEnabledForAccount: 10039,
  wrongLastMessageId: 10070,
  expectedOtherStream: 10060,
  subjectsOverlap: 10065,
  storeFailed: 10077,
} as const;

/** Error codes that mean that there is no space. */
const FULL = new Set<number>([CODES.storeFailed, 10023, 10028, 10047]);

export interface ApiFailure {
  readonly code: number;
  readonly description: string;
}

function failureOf(error: unknown): ApiFailure | undefined {
  return error instanceof JetStreamApiError ? { code: error.code, description: error.message } : undefined;
}

export function hasCode(error: unknown, code: number): boolean {
  return failureOf(error)?.code === code;
}

/** @param what the failed action, such as "make a stream for boston" */
export function explained(what: string, error: unknown): MeridianError {
  if (error instanceof MeridianError) {
    return error;
  }
  const failure = failureOf(error);
  const reason = failure === undefined ? reasonOf(error) : reasonOfCode(failure);
  return new MeridianError('transport', `NATS: could not ${what}: ${reason}.`, { cause: error });
}

export function reasonOfCode({ code, description }: ApiFailure): string {
  if (code === CODES.notEnabled || code === CODES.notEnabledForAccount) {
    return 'JetStream is not switched on there. Start nats-server with --jetstream, or switch it on for the account';
  }
  if (FULL.has(code)) {
    return `there is no room (${description}). Publishing continues automatically when central has received its events; NATS_MAX_EVENTS and NATS_MAX_BYTES limit how much a region may have in transit`;
  }
  return `${description} (${code})`;
}

/** The permission error in a chain of causes, if there is one. */
export function refusalOf(error: unknown): PermissionViolationError | undefined {
  for (let cause = error; cause instanceof Error; cause = cause.cause) {
    if (cause instanceof PermissionViolationError) {
      return cause;
    }
  }
  return undefined;
}

export function reasonOfRefusal({ operation, subject }: PermissionViolationError): string {
  const what = operation === 'publish' ? 'publish' : 'subscribe';
  return `our user is not allowed to ${what} to ${subject}. docs/guides/nats.md lists what it needs`;
}

/** The reason of an error that is not a response of the server. */
function reasonOf(error: unknown): string {
  const refusal = refusalOf(error);
  if (refusal !== undefined) {
    return reasonOfRefusal(refusal);
  }
  const message = messageOf(error);
  const name = error instanceof Error ? error.name : '';
  if (name === 'TimeoutError' || /^timeout$/i.test(message)) {
    return 'there was no answer in time';
  }
  if (/no responders/i.test(message) || /jetstream is not enabled/i.test(message)) {
    return 'no server answers. JetStream may be starting or be without a leader, or is not switched on (nats-server --jetstream)';
  }
  if (/closed connection|connection draining/i.test(message)) {
    return 'the connection is closed';
  }
  return message;
}
