/** Previews the changes of a dead letter retry in central, together with the row in its region. */
import { type Database, openToRead } from '../../databases.ts';
import type { ShippedEvent } from '../../replication/index.ts';
import { parseJson } from '../../types.ts';
import { inboxOf } from '../central/inbox.ts';
import { regionDatabase } from '../regions/databases.ts';
import { type ComparedRow, rowInCentral, rowInRegion } from './rows.ts';

export interface DeadLetterPreview {
  readonly aggregate: string;
  readonly aggregateId: number;
  /** The result of a retry. */
  readonly result: 'applied' | 'refused' | 'gone';
  readonly reason: string | null;
  /** The row in central, which a discard would keep; `null` if there is none. */
  readonly central: ComparedRow | null;
  /** The row in central after a retry. */
  readonly after: ComparedRow | null;
  /** The row in the region; `undefined` if the region cannot be read. */
  readonly region?: ComparedRow | null;
}

/** Previews a retry without changing anything. @throws MeridianError like a retry */
export async function previewDeadLetter(central: Database, id: number): Promise<DeadLetterPreview> {
  const inbox = inboxOf(central);
  const letter = await inbox.deadLetter(id);
  const event = parseJson(letter.event) as ShippedEvent;
  const now = (await rowInCentral(central.fork(), letter.region, event)) ?? null;
  const preview = await inbox.previewRetry(id, (em) => rowInCentral(em, letter.region, event));
  const region = await regionRow(letter.region, event);
  return {
    aggregate: event.aggregate,
    aggregateId: event.aggregateId,
    result: preview.result,
    reason: preview.result === 'refused' ? preview.reason : null,
    central: now,
    after: preview.result === 'applied' ? (preview.after ?? null) : now,
    ...(region === undefined ? {} : { region }),
  };
}

/** @returns `null` if the region has no such row; `undefined` if the region cannot be read */
async function regionRow(name: string, event: ShippedEvent): Promise<ComparedRow | null | undefined> {
  let database: Database | undefined;
  try {
    database = await openToRead(regionDatabase(name));
    return database.isMissing ? undefined : ((await rowInRegion(database.fork(), event)) ?? null);
  } catch {
    // dead letters can be handled even while their region is cut off
    return undefined;
  } finally {
    await database?.close();
  }
}
