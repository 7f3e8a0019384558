/** Meridian's own tables for the outbox. */
import type { DatabaseDeclaration } from '../../database/declaration.ts';
import { createTable, type OwnTables, together } from '../../database/own-tables.ts';
import { RelayState } from '../relay/relay-state.entity.ts';
import { OutboxEvent } from './outbox-event.entity.ts';

const EVENT = {
  event_id: 'text',
  epoch: 'whole?',
  seq: 'whole?',
  type: 'text',
  schema_version: 'whole',
  aggregate: 'text',
  aggregate_id: 'whole',
  aggregate_version: 'whole',
  payload: 'text',
  occurred_at: 'text',
  run: 'text?',
} as const;

const STATE = {
  id: 'whole',
  epoch: 'whole',
  next_seq: 'whole',
  acked_seq: 'whole',
  fence: 'whole',
  lease_until: 'text?',
  paused: 'flag',
  attempts: 'whole',
  next_attempt_at: 'text?',
  last_error: 'text?',
  snapshot: 'text?',
  base: 'text?',
} as const;

const FIRST_STATE =
  'insert into "relay_state" ("id", "epoch", "next_seq", "acked_seq", "fence", "paused", "attempts") ' +
  'select 1, 1, 1, 0, 0, false, 0 where not exists (select 1 from "relay_state")';

const INDEXES = [
  'create unique index if not exists "outbox_event_event_id_unique" on "outbox_event" ("event_id")',
  'create index if not exists "outbox_event_held_index" on "outbox_event" ("aggregate_id") where "seq" is null and "run" is not null',
  'create index if not exists "outbox_event_unstamped_index" on "outbox_event" ("id") where "seq" is null',
  'create unique index if not exists "outbox_event_epoch_seq_unique" on "outbox_event" ("epoch", "seq") where "seq" is not null',
];

const outboxTables: OwnTables = {
  name: 'outbox',
  entities: () => [OutboxEvent, RelayState],
  tables: () => ['outbox_event', 'relay_state'],
  migrations: () => [
    together(
      createTable('outbox_event', EVENT, { counted: 'id' }),
      { sqlite: INDEXES, postgresql: INDEXES },
      createTable('relay_state', STATE, ['id']),
      { sqlite: [FIRST_STATE], postgresql: [FIRST_STATE] },
    ),
    {
      sqlite: ['alter table "outbox_event" add column "traceparent" text null'],
      postgresql: ['alter table "outbox_event" add column if not exists "traceparent" text collate "C" null'],
    },
  ],
};

/** The declaration of a database with the outbox and relay tables. */
export function withOutbox<T extends DatabaseDeclaration>(declaration: T): T {
  return { ...declaration, own: [...(declaration.own ?? []), outboxTables] };
}
