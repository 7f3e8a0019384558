/** Finds, creates and updates the streams that regions publish to. */

import {
  DiscardPolicy,
  type JetStreamManager,
  RetentionPolicy,
  StorageType,
  type StreamConfig,
  type StreamInfo,
} from '@nats-io/jetstream';
import { nanos } from '@nats-io/transport-node';
import { randomBytes } from '../../../shared/environment.ts';
import { MeridianError } from '../../../shared/errors.ts';
import { MAX_PAYLOAD_BYTES } from '../../events/envelope.ts';
import { CODES, hasCode } from './errors.ts';
import { epochSubject, readEpochSubject, streamName } from './names.ts';
import type { NatsSettings } from './settings.ts';

export type StreamLimits = Pick<NatsSettings, 'replicas' | 'maxEvents' | 'maxBytes'>;

/**
 * The window within which JetStream discards duplicates. It only saves central some work, and is short because JetStream keeps every
 * message id of the window in memory.
 */
const DUPLICATE_WINDOW_SECONDS = 20;

/** The maximum payload with its headers. */
const MAX_MESSAGE_BYTES = MAX_PAYLOAD_BYTES + 8192;

/** The configuration of a stream, without its name. */
export function wantedStream(region: string, epoch: number, { replicas, maxEvents, maxBytes }: StreamLimits) {
  return {
    subjects: [epochSubject(region, epoch)],
    // only acknowledgements of central delete events
    retention: RetentionPolicy.Workqueue,
    // a full stream refuses new events, so that the region keeps them
    discard: DiscardPolicy.New,
    storage: StorageType.File,
    num_replicas: replicas,
    max_msgs: maxEvents,
    max_bytes: maxBytes,
    max_msg_size: MAX_MESSAGE_BYTES,
    max_age: 0,
    duplicate_window: nanos(DUPLICATE_WINDOW_SECONDS * 1000),
  };
}

/** Bytes of the largest message that a stream can hold. @param maxPayload the limit of the server */
export function largestMessage({ config }: StreamInfo, maxPayload = SERVER_MAX_PAYLOAD): number {
  // -1 means no limit
  return config.max_msg_size > 0 ? Math.min(config.max_msg_size, maxPayload) : maxPayload;
}

/** The default of nats-server. */
const SERVER_MAX_PAYLOAD = 1_048_576;

type Wanted = ReturnType<typeof wantedStream>;

export interface Difference {
  readonly what: string;
  readonly is: unknown;
  readonly wanted: unknown;
}

/** The differences between the actual and the wanted configuration of a stream or consumer. */
export function differencesOf(wanted: object, actual: object): Difference[] {
  const is = actual as Readonly<Record<string, unknown>>;
  return Object.entries(wanted).flatMap(([what, value]) =>
    JSON.stringify(is[what]) === JSON.stringify(value) ? [] : [{ what, is: is[what], wanted: value }],
  );
}

export interface EpochStream {
  readonly region: string;
  readonly epoch: number;
  readonly info: StreamInfo;
}

/** Meridian's streams whose subjects match a filter, such as `evt.>`. */
export async function listStreams(manager: JetStreamManager, subject: string): Promise<EpochStream[]> {
  const found: EpochStream[] = [];
  for await (const info of manager.streams.list(subject)) {
    const of = readEpochSubject(info.config.subjects ?? []);
    if (of !== undefined) {
      found.push({ ...of, info });
    }
  }
  return found;
}

export async function findStream(
  manager: JetStreamManager,
  region: string,
  epoch: number,
): Promise<StreamInfo | undefined> {
  const found = await listStreams(manager, epochSubject(region, epoch));
  return found.find((one) => one.region === region && one.epoch === epoch)?.info;
}

export interface Ensured {
  readonly name: string;
  readonly isNew: boolean;
  /** The changes of an existing stream. */
  readonly changed: readonly Difference[];
}

/** Creates the stream of a region and an epoch, or updates the existing one to the settings. */
export async function ensureStream(
  manager: JetStreamManager,
  region: string,
  epoch: number,
  limits: StreamLimits,
): Promise<Ensured> {
  const wanted = wantedStream(region, epoch, limits);
  const there = await findStream(manager, region, epoch);
  if (there !== undefined) {
    return { name: there.config.name, isNew: false, changed: await update(manager, there.config, wanted) };
  }
  const name = streamName(region, epoch, randomBytes(5).toString('hex'));
  try {
    await manager.streams.add({ ...wanted, name, description: `Events of ${region}, epoch ${epoch}` });
    return { name, isNew: true, changed: [] };
  } catch (error) {
    const other = hasCode(error, CODES.subjectsOverlap) ? await findStream(manager, region, epoch) : undefined;
    if (other === undefined) {
      throw overlapping(error, region, epoch);
    }
    // another relay has created the stream meanwhile
    return { name: other.config.name, isNew: false, changed: [] };
  }
}

function overlapping(error: unknown, region: string, epoch: number): unknown {
  return hasCode(error, CODES.subjectsOverlap)
    ? new MeridianError(
        'transport',
        `NATS: a stream that is not Meridian's takes ${epochSubject(region, epoch)}. Find it with nats stream ls --subject evt.>, and remove it or change its subjects.`,
        { cause: error },
      )
    : error;
}

async function update(manager: JetStreamManager, actual: StreamConfig, wanted: Wanted): Promise<Difference[]> {
  const changed = differencesOf(wanted, actual);
  if (changed.length === 0) {
    return [];
  }
  const fixed = changed.find(({ what }) => what === 'retention' || what === 'storage');
  if (fixed !== undefined) {
    throw new MeridianError(
      'transport',
      `NATS: stream ${actual.name} has ${fixed.what} ${String(fixed.is)} instead of ${String(fixed.wanted)}, which cannot be changed. Remove it once it is empty; what it holds and central lacks comes again.`,
    );
  }
  const { retention, storage, ...changeable } = wanted;
  await manager.streams.update(actual.name, changeable);
  return changed;
}
