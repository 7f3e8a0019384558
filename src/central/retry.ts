/** Tries an event again that was parked, for example after central has been brought to a newer version. */

import type { Database } from '../databases/database.ts';
import { messageOf } from '../errors.ts';
import { DeadLetter } from '../facts/dead-letter.entity.ts';
import { InboxEvent } from '../facts/inbox-event.entity.ts';
import { parseJson } from '../json/parse.ts';
import type { Batch, ShippedEvent } from '../transport/transport.ts';
import { writeFacts } from './apply.ts';
import { holdCursor, moveCursor } from './cursor.ts';
import { findDeadLetter, withoutZeros } from './dead-letters.ts';
import { readEvent } from './read-event.ts';

/** What became of it: why it could not be applied this time either, or nothing when it is in. */
export type RetryError = string | undefined;

/** @throws MeridianError `usage` when there is none with that id */
export async function retryDeadLetter(central: Database, id: number): Promise<RetryError> {
  const letter = await findDeadLetter(central, id);
  const event = parseJson(letter.event) as ShippedEvent;
  const { region, epoch } = letter;
  const batch: Batch = { region, epoch, headSeq: event.seq, events: [event] };
  const reading = readEvent(batch, event);
  const error = reading.kind === 'unreadable' ? reading.error : await applied();
  if (error !== undefined) {
    await central
      .fork()
      .nativeUpdate(DeadLetter, { id }, { error: withoutZeros(error), attempts: letter.attempts + 1 });
  }
  return error;

  async function applied(): Promise<RetryError> {
    try {
      await central.fork().transactional(async (em) => {
        const cursor = await holdCursor(em, batch, new Date().toISOString());
        if ((await em.nativeDelete(DeadLetter, { id })) === 0) {
          // somebody else has dealt with it meanwhile, or its region has sent everything again
          return;
        }
        // its region may be in a later epoch by now without having sent this again; if it has, that counts more
        await writeFacts(central, em, region, [{ event, reading }]);
        if (cursor.epoch === epoch) {
          await central
            .bulk(InboxEvent)
            .insertNew(em, [{ region, epoch, seq: event.seq, eventId: event.eventId }], 'seq');
          await moveCursor(em, batch, cursor, [event.seq]);
        }
      });
      return undefined;
    } catch (cause) {
      if (central.engine.explain(cause) !== undefined) {
        throw central.explain(cause);
      }
      return `the database refused it: ${messageOf(cause)}`;
    }
  }
}
