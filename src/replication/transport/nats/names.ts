/** NATS names of streams, subjects and messages. */
import { isRegionName } from '../../region-name.ts';

/** The name of the durable consumer of each stream. */
export const CONSUMER = 'central';

/** All events of all regions. */
export const ALL_EVENTS = 'evt.>';

export function isEventSubject(subject: string): boolean {
  return subject.startsWith('evt.');
}

/** Requests about streams, to JetStream or to central. */
export function isAboutStreams(subject: string): boolean {
  return subject.startsWith('$JS.API.STREAM.') || subject.startsWith(`${STREAM}.`);
}

/** The announcement of a new stream, after which central lists streams immediately. */
export const STREAM_MADE = 'meridian.stream-made';

/** The subject of presence requests, which a running central answers. */
export const CENTRAL = 'meridian.central';

const POSITION = 'meridian.position';

/** Requests for the position of central with a region. */
export const ALL_POSITIONS = `${POSITION}.*`;

export function positionSubject(region: string): string {
  return `${POSITION}.${region}`;
}

const STREAM = 'meridian.stream';

/** Requests of relays without the permission for JetStream: central creates their streams, and reports what is stored in them. */
export const ALL_STREAMS = `${STREAM}.*`;

export function streamSubject(region: string): string {
  return `${STREAM}.${region}`;
}

/** Whether a value is a valid name for the JetStream domain of a leaf node. */
export function isDomainName(value: unknown): value is string {
  return typeof value === 'string' && /^[\w-]{1,100}$/.test(value);
}

/**
 * The subject of the events of a region and an epoch. The epoch is part of the subject, because JetStream refuses two streams with
 * overlapping subjects, and the stream of a new epoch is created while that of the previous one still has events for central. Narrowing the
 * subjects of the older stream instead would let a relay that was suspended write into the newer one.
 */
export function epochSubject(region: string, epoch: number): string {
  return `evt.${region}.${epoch}.>`;
}

/** `evt.boston.1.order.placed` */
export function eventSubject(
  region: string,
  epoch: number,
  { aggregate, type }: { readonly aggregate: string; readonly type: string },
): string {
  return `evt.${region}.${epoch}.${toToken(aggregate)}.${toToken(type)}`;
}

export interface SubjectParts {
  readonly region: string;
  readonly epoch: number;
  readonly aggregate: string;
  readonly type: string;
}

/** @returns `undefined` for a subject that is not that of an event */
export function readSubject(subject: string): SubjectParts | undefined {
  const parts = /^evt\.([a-z0-9-]+)\.([1-9]\d{0,14})\.([^.]+)\.([^.]+)$/.exec(subject);
  const [, region = '', epoch = '', aggregate = '', type = ''] = parts ?? [];
  if (!isRegionName(region)) {
    return undefined;
  }
  return { region, epoch: Number(epoch), aggregate: fromToken(aggregate), type: fromToken(type) };
}

/** The region and epoch of a stream with these subjects, if it is one of Meridian's. */
export function readEpochSubject(subjects: readonly string[]): { region: string; epoch: number } | undefined {
  const [, region = '', epoch] =
    (subjects.length === 1 ? /^evt\.([a-z0-9-]+)\.([1-9]\d{0,14})\.>$/.exec(subjects[0] ?? '') : null) ?? [];
  return isRegionName(region) ? { region, epoch: Number(epoch) } : undefined;
}

/**
 * Stream names are unique, even for a stream that replaces a lost one of the same region and epoch: a mirror or a consumer on another
 * server that remembers a sequence number of the old stream would mistake the new messages for those it has.
 *
 * @param unique a unique suffix, such as random text
 */
export function streamName(region: string, epoch: number, unique: string): string {
  return `meridian-${region}-${epoch}-${unique}`;
}

/**
 * The message id, by which JetStream detects duplicates within its window. It includes the event id, since a region that was restored from
 * a backup may assign a sequence number again: JetStream would otherwise discard the new event as a duplicate of the lost one.
 */
export function messageId(
  region: string,
  epoch: number,
  { seq, eventId }: { readonly seq: number; readonly eventId: string },
): string {
  return `${region}:${epoch}:${seq}:${toToken(eventId)}`;
}

/** The sequence number in a message id. Ids from relays of earlier versions lack the event id. */
export function seqOfMessageId(id: string): number | undefined {
  const text = /^[a-z0-9-]+:\d+:([1-9]\d{0,15})(?::[\w%-]+)?$/.exec(id)?.[1];
  return text === undefined ? undefined : Number(text);
}

/**
 * Encodes text for subjects, in which dots, wildcards and spaces are special, and for headers, in which spaces are. @param text well-formed
 */
export function toToken(text: string): string {
  return /^[\w-]+$/.test(text)
    ? text
    : text.replace(/[^\w-]/gu, (character) => encodeURIComponent(character).replace(/[^\w%]/g, escaped));
}

/** Escapes characters that `encodeURIComponent` does not. */
function escaped(character: string): string {
  return `%${character.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`;
}

export function fromToken(token: string): string {
  if (!token.includes('%')) {
    return token;
  }
  try {
    return decodeURIComponent(token);
  } catch {
    // a token of another program, with another encoding
    return token;
  }
}
