/** Meridian's own tables for the inbox. */
import type { DatabaseDeclaration } from '../../database/declaration.ts';
import { createTable, type OwnTables, together } from '../../database/own-tables.ts';
import { DeadLetter } from './dead-letter.entity.ts';
import { InboxEvent } from './inbox-event.entity.ts';
import { RegionCursor } from './region-cursor.entity.ts';
import { StoreWatermark } from './store-watermark.entity.ts';

const DEAD_LETTER = {
  region: 'text',
  epoch: 'whole',
  seq: 'whole',
  event_id: 'text',
  event: 'text',
  error: 'text',
  attempts: 'whole',
  parked_at: 'text?',
} as const;

const INBOX_EVENT = { region: 'text', epoch: 'whole', seq: 'whole', event_id: 'text' } as const;

const CURSOR = {
  region: 'text',
  epoch: 'whole',
  seq: 'whole',
  head_seq: 'whole',
  occurred_at: 'text?',
  heard_at: 'text',
  conflict_seq: 'whole?',
  lacks_base: 'flag=false',
} as const;

const WATERMARK = { region: 'text', epoch: 'whole', seq: 'whole', event_id: 'text?', is_foreign: 'flag' } as const;

const INDEXES = [
  'create unique index if not exists "dead_letter_event_unique" on "dead_letter" ("region", "epoch", "seq", "event_id")',
];

const inboxTables: OwnTables = {
  name: 'inbox',
  entities: () => [InboxEvent, RegionCursor, DeadLetter, StoreWatermark],
  tables: () => ['inbox_event', 'region_cursor', 'dead_letter', 'store_watermark'],
  migrations: () => [
    together(
      createTable('inbox_event', INBOX_EVENT, ['region', 'epoch', 'seq']),
      createTable('region_cursor', CURSOR, ['region']),
      createTable('dead_letter', DEAD_LETTER, { counted: 'id' }),
      { sqlite: INDEXES, postgresql: INDEXES },
      createTable('store_watermark', WATERMARK, ['region']),
    ),
  ],
};

/** The declaration of a database that receives change events. */
export function withInbox<T extends DatabaseDeclaration>(declaration: T): T {
  return { ...declaration, own: [...(declaration.own ?? []), inboxTables] };
}
