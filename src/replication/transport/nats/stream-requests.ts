/**
 * Stream requests of relays without permission for the JetStream API, which would let a user create or read the streams of other regions.
 * They ask central, which creates the stream of a region and reports what is stored in it.
 */
import type { JetStreamManager } from '@nats-io/jetstream';
import { MeridianError } from '../../../shared/errors.ts';
import { parseJson } from '../../../shared/json/parse.ts';
import { isReachableEpoch, MAX_EPOCH } from '../../events/epoch.ts';
import { CentralAwayError, type Position, type StoredRange } from '../transport.ts';
import type { Connection } from './connection.ts';
import { isDomainName, streamSubject } from './names.ts';
import { askCentral } from './positions.ts';
import { storedIn } from './stored.ts';
import { ensureStream, listStreams } from './streams.ts';

/** The maximum number of streams of a region. It has one for each of its epochs, which are few. */
const MAX_STREAMS = 100;

interface Request {
  readonly what: 'make' | 'look';
  readonly epoch: number;
  /** The JetStream domain of the relay's server; empty if it has none. */
  readonly domain: string;
}

/** @returns the name of the stream @throws CentralAwayError */
export async function askForStream(connection: Connection, region: string, epoch: number): Promise<string> {
  const name = await ask(connection, region, { what: 'make', epoch, domain: connection.ownDomain ?? '' });
  if (typeof name !== 'string' || !/^[\w-]{1,255}$/.test(name)) {
    throw new CentralAwayError(NOT_UNDERSTOOD);
  }
  return name;
}

/** Asks central which events of an epoch are stored. @throws CentralAwayError */
export async function askWhatIsStored(
  connection: Connection,
  region: string,
  epoch: number,
): Promise<StoredRange | 'empty' | undefined> {
  const stored = await ask(connection, region, { what: 'look', epoch, domain: connection.ownDomain ?? '' });
  if (stored === null || stored === 'empty') {
    return stored ?? undefined;
  }
  const { firstSeq, lastSeq } = stored as Partial<Record<keyof StoredRange, unknown>>;
  if (!isSeq(firstSeq) || (lastSeq !== undefined && !isSeq(lastSeq))) {
    throw new CentralAwayError(NOT_UNDERSTOOD);
  }
  return { firstSeq, lastSeq };
}

const NOT_UNDERSTOOD =
  'Central answers a request about a stream with something else. See that relays and central are of the same version.';

function isSeq(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) > 0;
}

function ask(connection: Connection, region: string, request: Request): Promise<unknown> {
  const what = request.what === 'make' ? 'make a stream' : 'report what is stored';
  return askCentral(connection, what, streamSubject(region), JSON.stringify(request));
}

/** @param position reads the position of central with a region @throws MeridianError `transport` when the request is refused */
export async function answerAboutStream(
  connection: Connection,
  position: (region: string) => Promise<Position | undefined>,
  region: string,
  text: string,
): Promise<string | StoredRange | undefined> {
  const { what, epoch, domain } = readRequest(text);
  try {
    const { manager } = await connection.domain(domain);
    return what === 'look'
      ? await storedIn(manager, region, epoch)
      : await makeStream(connection, manager, region, epoch, (await position(region))?.epoch);
  } catch (error) {
    // any relay can name a domain that does not exist
    connection.forgetDomain(domain);
    throw error;
  }
}

async function makeStream(
  { settings }: Connection,
  manager: JetStreamManager,
  region: string,
  epoch: number,
  known = 0,
): Promise<string> {
  if (epoch < known || !isReachableEpoch(known, epoch)) {
    throw new MeridianError(
      'transport',
      `central is in epoch ${known} of ${region}, and makes no stream for epoch ${epoch}`,
    );
  }
  const streams = (await listStreams(manager, `evt.${region}.>`)).filter((one) => one.region === region);
  if (streams.length >= MAX_STREAMS && !streams.some((one) => one.epoch === epoch)) {
    throw new MeridianError(
      'transport',
      `there are ${streams.length} streams of ${region} already. Remove the empty ones of earlier epochs with nats stream rm`,
    );
  }
  return (await ensureStream(manager, region, epoch, settings)).name;
}

function readRequest(text: string): Request {
  const { what, epoch, domain } = parse(text);
  const isEpoch = Number.isSafeInteger(epoch) && (epoch as number) >= 1 && (epoch as number) <= MAX_EPOCH;
  if ((what !== 'make' && what !== 'look') || !isEpoch || (domain !== '' && !isDomainName(domain))) {
    throw new MeridianError('transport', 'that is no request about a stream');
  }
  return { what, epoch: epoch as number, domain: domain as string };
}

function parse(text: string): Partial<Record<keyof Request, unknown>> {
  try {
    return (parseJson(text) as Partial<Record<keyof Request, unknown>> | null) ?? {};
  } catch {
    // the request is then answered as invalid
    return {};
  }
}
