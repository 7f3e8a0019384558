/** Events that central could not apply: they are retried a few times, then dead-lettered, so that they do not block others. */
import { sql } from 'kysely';
import type { Database, EntityManager } from '../../database/database.ts';
import { MeridianError } from '../../shared/errors.ts';
import { parseJson } from '../../shared/json/parse.ts';
import type { Batch, ShippedEvent } from '../transport/transport.ts';
import { DeadLetter } from './dead-letter.entity.ts';

/** Attempts after which an event is dead-lettered. */
export const MAX_ATTEMPTS = 5;

/** An event that could not be applied, and the reason. */
export interface Failure {
  readonly event: ShippedEvent;
  readonly error: string;
}

export interface Attempts {
  readonly attempts: number;
  readonly isDeadLettered: boolean;
}

/** @param maxAttempts 1 dead-letters the event immediately */
export async function recordFailure(
  em: EntityManager,
  { region, epoch }: Pick<Batch, 'region' | 'epoch'>,
  { event, error }: Failure,
  now: string,
  maxAttempts = MAX_ATTEMPTS,
): Promise<Attempts> {
  const parkedAt = maxAttempts <= 1 ? now : null;
  const { rows } = await sql<{ attempts: number; parkedAt: string | null }>`
    insert into dead_letter (region, epoch, seq, event_id, event, error, attempts, parked_at)
    values (${region}, ${epoch}, ${event.seq}, ${event.eventId}, ${JSON.stringify(event)}, ${keptError(error)}, 1, ${parkedAt})
    on conflict (region, epoch, seq, event_id) do update set
      error = excluded.error,
      attempts = dead_letter.attempts + 1,
      parked_at = case
        when dead_letter.parked_at is null and dead_letter.attempts + 1 >= ${maxAttempts} then ${now}
        else dead_letter.parked_at
      end
    returning attempts, parked_at as "parkedAt"`.execute(em.getKysely());
  const [row] = rows;
  return { attempts: row?.attempts ?? 0, isDeadLettered: (row?.parkedAt ?? null) !== null };
}

const MAX_ERROR_CHARACTERS = 2000;

/** Shortens an error, which may quote an event of any length, and replaces NUL characters, which PostgreSQL cannot store. */
export function keptError(error: string): string {
  return error.slice(0, MAX_ERROR_CHARACTERS).replaceAll('\0', '\ufffd');
}

/** Deletes the failures of earlier epochs of a region, which has sent everything again. */
export async function forgetEarlierEpochs(em: EntityManager, region: string, epoch: number): Promise<void> {
  await em.nativeDelete(DeadLetter, { region, epoch: { $lt: epoch } });
}

/** Lists dead letters, the oldest first. @param limit the maximum number (default: all) */
export async function listDeadLetters(central: Database, region?: string, limit?: number): Promise<DeadLetter[]> {
  return central.fork().find(DeadLetter, region === undefined ? {} : { region }, {
    orderBy: { id: 'asc' },
    disableIdentityMap: true,
    ...(limit === undefined ? {} : { limit }),
  });
}

/** The ids of all dead letters, the oldest first. */
export async function deadLetterIds(central: Database): Promise<number[]> {
  const { rows } = await sql<{ id: number }>`select id from dead_letter order by id`.execute(
    central.fork().getKysely(),
  );
  return rows.map(({ id }) => id);
}

/** Counts the events of a region that are not retried any more. */
export async function countDeadLetters(em: EntityManager, region: string): Promise<number> {
  const { rows } = await sql<{ count: number | string }>`
    select count(*) as count from dead_letter where region = ${region} and parked_at is not null`.execute(
    em.getKysely(),
  );
  return Number(rows[0]?.count ?? 0);
}

/** The oldest events of a region that are not retried any more. */
export function oldestDeadLetters(central: Database, region: string, limit: number): Promise<DeadLetter[]> {
  return central
    .fork()
    .find(DeadLetter, { region, parkedAt: { $ne: null } }, { orderBy: { id: 'asc' }, limit, disableIdentityMap: true });
}

/** @throws MeridianError `usage` when there is no dead letter with that id */
export async function findDeadLetter(central: Database, id: number): Promise<DeadLetter> {
  const found = await central.fork().findOne(DeadLetter, { id }, { disableIdentityMap: true });
  if (found === null) {
    throw new MeridianError(
      'usage',
      `There is no dead letter ${id}. See which there are with npx meridian dead-letters list.`,
    );
  }
  return found;
}

/** "event 2 of epoch 1 (order 7 placed): Quantity must be positive" */
export function describeFailure(epoch: number, { event, error }: Failure): string {
  return `event ${event.seq} of epoch ${epoch} (${event.aggregate} ${event.aggregateId} ${event.type}): ${error}`;
}

/** Describes a dead letter in the same form. */
export function describeDeadLetter({ epoch, event, error }: DeadLetter): string {
  return describeFailure(epoch, { event: parseJson(event) as ShippedEvent, error });
}

/** Deletes a dead letter for good. @throws MeridianError `usage` when there is none with that id */
export async function discardDeadLetter(central: Database, id: number): Promise<DeadLetter> {
  const letter = await findDeadLetter(central, id);
  await central.fork().nativeDelete(DeadLetter, { id });
  return letter;
}
