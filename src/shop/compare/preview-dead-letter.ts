/** What a retry of a dead letter would change in central, beside what its region has. */
import { type Database, openToRead } from '../../databases.ts';
import type { ShippedEvent } from '../../replication/index.ts';
import { parseJson } from '../../types.ts';
import { inboxOf } from '../central/inbox.ts';
import { regionDatabase } from '../regions/databases.ts';
import { type ComparedRow, rowInCentral, rowInRegion } from './rows.ts';

export interface DeadLetterPreview {
  readonly aggregate: string;
  readonly aggregateId: number;
  /** Of a retry. */
  readonly result: 'applied' | 'refused' | 'gone';
  readonly reason: string | null;
  /** What central has, and keeps after a discard; `null` where it has none. */
  readonly central: ComparedRow | null;
  /** What it would have after a retry. */
  readonly after: ComparedRow | null;
  /** What the region has; left out where it cannot be read. */
  readonly region?: ComparedRow | null;
}

/** Changes nothing. @throws MeridianError as a retry */
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

/** @returns `null` where the region has no such row; nothing where it cannot be read */
async function regionRow(name: string, event: ShippedEvent): Promise<ComparedRow | null | undefined> {
  let database: Database | undefined;
  try {
    database = await openToRead(regionDatabase(name));
    return database.isMissing ? undefined : ((await rowInRegion(database.fork(), event)) ?? null);
  } catch {
    // a region that is cut off does not keep its dead letters from being dealt with
    return undefined;
  } finally {
    await database?.close();
  }
}
