/** Previews the retry of a dead letter: the event is applied in a transaction that is rolled back. */
import type { EntityManager } from '../../database/database.ts';
import type { ShippedEvent } from '../transport/transport.ts';
import type { ProjectedDatabase } from './projection.ts';
import { applyIn, type RetryResult, readLetter, refusalOf } from './retry.ts';

export type RetryPreview<T> =
  | Exclude<RetryResult, { readonly result: 'applied' }>
  /** The observed data before and after the retry. */
  | { readonly result: 'applied'; readonly before: T; readonly after: T };

/** Reads data to compare, in the transaction of `em`. */
export type Observe<T> = (em: EntityManager, event: ShippedEvent) => Promise<T>;

/**
 * @param observe called before and after the event is applied
 * @throws MeridianError `usage` when there is no dead letter with that id; `database`, `locked` or `program` when central does not work
 */
export async function previewRetry<Content, T>(
  inbox: ProjectedDatabase<Content>,
  id: number,
  observe: Observe<T>,
): Promise<RetryPreview<T>> {
  const { central } = inbox;
  try {
    const { event, batch, reading } = await readLetter(inbox, id);
    if (reading.kind === 'unreadable') {
      return { result: 'refused', reason: reading.error };
    }
    let preview: RetryPreview<T> = { result: 'gone' };
    try {
      await central.fork().transactional(async (em) => {
        const before = await observe(em, event);
        const { result } = await applyIn(em, inbox, batch, reading.content, id);
        preview = result === 'applied' ? { result, before, after: await observe(em, event) } : { result: 'gone' };
        throw new RollBack();
      });
    } catch (error) {
      if (!(error instanceof RollBack)) {
        return refusalOf(central, error);
      }
    }
    return preview;
  } catch (error) {
    throw central.fault(error);
  }
}

/** Thrown to roll a transaction back. */
class RollBack extends Error {}
