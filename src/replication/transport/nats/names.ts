/** Names in NATS: of streams, subjects and messages. */
import { isRegionName } from '../../region-name.ts';

/** The durable consumer of each stream: central. */
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

/** A central that receives it looks for new streams at once. */
export const STREAM_MADE = 'meridian.stream-made';

/** A request on it is answered while a central is running. */
export const CENTRAL = 'meridian.central';

const POSITION = 'meridian.position';

/** Central answers how far it is with each region. */
export const ALL_POSITIONS = `${POSITION}.*`;

export function positionSubject(region: string): string {
  return `${POSITION}.${region}`;
}

const STREAM = 'meridian.stream';

/** Central makes the streams of relays that may not do so themselves, and says what is stored in them. */
export const ALL_STREAMS = `${STREAM}.*`;

export function streamSubject(region: string): string {
  return `${STREAM}.${region}`;
}

/** What a JetStream domain of a leaf node can be called here. */
export function isDomainName(value: unknown): value is string {
  return typeof value === 'string' && /^[\w-]{1,100}$/.test(value);
}

/**
 * The events of a region and an epoch. The epoch is a token of the subject, for JetStream refuses two streams that would take
 * the same subject, and the stream of a new epoch is made while that of the one before still holds what central has not taken.
 * Narrowing the older one would let a relay that was suspended and wakes up late write into the newer one.
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

/** @returns nothing for a subject that is not of an event */
export function readSubject(subject: string): SubjectParts | undefined {
  const parts = /^evt\.([a-z0-9-]+)\.([1-9]\d{0,14})\.([^.]+)\.([^.]+)$/.exec(subject);
  const [, region = '', epoch = '', aggregate = '', type = ''] = parts ?? [];
  if (!isRegionName(region)) {
    return undefined;
  }
  return { region, epoch: Number(epoch), aggregate: fromToken(aggregate), type: fromToken(type) };
}

/** Which region and epoch a stream with these subjects is for, if it is one of Meridian's. */
export function readEpochSubject(subjects: readonly string[]): { region: string; epoch: number } | undefined {
  const [, region = '', epoch] =
    (subjects.length === 1 ? /^evt\.([a-z0-9-]+)\.([1-9]\d{0,14})\.>$/.exec(subjects[0] ?? '') : null) ?? [];
  return isRegionName(region) ? { region, epoch: Number(epoch) } : undefined;
}

/**
 * A stream's name is never used twice, not even for the same region and epoch after it was lost: a mirror or a consumer
 * on another server that remembers a sequence number of the old one would take the new one's messages for those it has.
 *
 * @param unique what no other stream has, such as a random text
 */
export function streamName(region: string, epoch: number, unique: string): string {
  return `meridian-${region}-${epoch}-${unique}`;
}

/**
 * For JetStream to notice what is published twice within its window. The event's own id is a part of it, for a region that was
 * restored from a backup may assign a number again: JetStream would drop the new event as a repetition of the lost one.
 */
export function messageId(
  region: string,
  epoch: number,
  { seq, eventId }: { readonly seq: number; readonly eventId: string },
): string {
  return `${region}:${epoch}:${seq}:${toToken(eventId)}`;
}

/** The sequence number in a message id; relays of earlier versions leave the id of the event out. */
export function seqOfMessageId(id: string): number | undefined {
  const text = /^[a-z0-9-]+:\d+:([1-9]\d{0,15})(?::[\w%-]+)?$/.exec(id)?.[1];
  return text === undefined ? undefined : Number(text);
}

/** Dots, wildcards and spaces mean something in a subject, and spaces in a header. @param text well-formed */
export function toToken(text: string): string {
  return /^[\w-]+$/.test(text)
    ? text
    : text.replace(/[^\w-]/gu, (character) => encodeURIComponent(character).replace(/[^\w%]/g, escaped));
}

/** What `encodeURIComponent` lets through. */
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
    // another program's, which encodes it in another way
    return token;
  }
}
