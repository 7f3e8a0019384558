/** Deliberate bugs, each of which loses or doubles something somewhere: the tests of what it breaks have to fail. */
import process from 'node:process';
import { expect, test } from '@jest/globals';
import { escaped } from '../support/jest/record.ts';
import { type Change, runMutant } from '../support/mutant.ts';

interface Mutant {
  readonly bug: string;
  readonly changes: readonly Change[];
  /** Test files that have to notice. */
  readonly tests: readonly string[];
  /** The tests in them, as a pattern; by itself all of those on SQLite. */
  readonly names?: string;
}

const MUTANTS: readonly Mutant[] = [
  {
    bug: 'inbox without dedupe',
    changes: [
      {
        file: 'replication/inbox/deduplicate.js',
        from: "const fresh = new Set(await central.bulk(InboxEvent).insertNew(em, rows, 'seq'));",
        to: "await central.bulk(InboxEvent).insertNew(em, rows, 'seq'); const fresh = new Set(rows.map(({ seq }) => seq));",
      },
    ],
    tests: ['shop/central/dead-letters.test.js'],
  },
  {
    bug: 'inbox mark in another transaction than the effect',
    changes: [
      {
        file: 'replication/inbox/receive.js',
        from: 'async function inTransaction(receiver, batch, refused = []) {',
        to: `async function inTransaction(receiver, batch, refused = []) {
          const { central } = receiver;
          const { InboxEvent } = await import('./inbox-event.entity.js');
          const { region, epoch } = batch;
          const marks = batch.events.map(({ seq, eventId }) => ({ region, epoch, seq, eventId }));
          const marked = new Set(await central.fork().transactional((em) => central.bulk(InboxEvent).insertNew(em, marks, 'seq')));
          batch = { ...batch, marked };`,
      },
      {
        file: 'replication/inbox/receive.js',
        from: 'const { fresh, conflicts } = await enterInbox(central, em, batch, entered, now);',
        to: 'const fresh = entered.filter(({ seq }) => batch.marked.has(seq)); const conflicts = [];',
      },
    ],
    tests: ['shop/central/apply.test.js'],
    names: '^SQLite.*(when central fails|changes nothing)',
  },
  {
    bug: "outbox written after the order's commit",
    changes: [
      {
        file: 'shop/trading/place-order.js',
        from: 'await new Outbox(database).write(em, events);',
        to: 'afterCommit.push(() => new Outbox(database).write(database.fork(), events));',
      },
      {
        file: 'shop/trading/place-order.js',
        from: 'export async function placeOrder(region, request) {',
        to: `const afterCommit = [];
          export async function placeOrder(region, request) {
            const outcome = await placeOnly(region, request);
            for (const write of afterCommit.splice(0)) { await write(); }
            return outcome;
          }
          async function placeOnly(region, request) {`,
      },
    ],
    tests: ['shop/trading/statement-faults.test.js'],
    names: 'a full disk after every statement',
  },
  {
    bug: 'marked sent before the ack',
    changes: [
      {
        file: 'replication/relay/relay.js',
        from: "await inBatchSpan('publish', batch, () => transport.publish(batch));",
        to: `this.#cursor = { row, publishedSeq: held.publishedSeq, ackedSeq: batch.events.at(-1)?.seq ?? held.ackedSeq };
        await inBatchSpan('publish', batch, () => transport.publish(batch));`,
      },
    ],
    tests: ['replication/relay/relay.test.js'],
  },
  {
    bug: 'cursor on max(id)',
    changes: [
      {
        file: 'replication/outbox/events.js',
        from: 'where seq is null and ',
        to: 'where seq is null and id > coalesce((select max(id) from outbox_event where seq is not null), 0) and ',
      },
    ],
    tests: ['replication/relay/relay.test.js'],
  },
  {
    bug: 'stock checked outside the transaction',
    changes: [
      { file: 'shop/trading/take-stock.js', from: "\n    .where('onHand', '>=', quantity)", to: '' },
      { file: 'shop/trading/place-together.js', from: ' || onHand < line.quantity', to: '' },
      {
        file: 'shop/trading/place-order.js',
        from: 'const status = await statusOf(region, checked);',
        to: `const status = await statusOf(region, checked);
          for (const { productId, quantity } of checked.lines) {
            const [row] = await region.database.fork().execute('select on_hand from stock where product_id = ' + productId);
            if ((row?.on_hand ?? 0) < quantity) {
              throw new Refusal([{ code: 'out-of-stock', productId, wanted: quantity, onHand: row?.on_hand ?? 0, message: 'out of stock' }]);
            }
          }`,
      },
    ],
    tests: ['shop/trading/concurrency.test.js'],
  },
  {
    bug: 'no version guard',
    changes: [
      {
        file: 'database/bulk-sql.js',
        from: "')}) > (",
        to: "')}) <> (",
      },
    ],
    tests: ['shop/central/interleaving.property.test.js'],
  },
  {
    bug: 'early purge',
    changes: [
      {
        file: 'replication/outbox/purge.js',
        from: 'const { epoch } = await readRelay(',
        to: 'const { epoch, ackedSeq } = await readRelay(',
      },
      { file: 'replication/outbox/purge.js', from: 'position.seq', to: 'ackedSeq' },
    ],
    tests: ['replication/outbox/purge.test.js'],
  },
  {
    bug: 'retry with a new key',
    changes: [
      {
        file: 'shop/trading/checkout.js',
        from: 'return inTransaction(region, async (em) => {',
        to: 'let attempt = 0; return inTransaction(region, async (em) => { attempt++;',
      },
      {
        file: 'shop/trading/checkout.js',
        from: 'if (await claimKey(em, claim, at)) {',
        to: `if (attempt > 1) {
            claim = { ...claim, key: claim.key + ' again ' + attempt };
          }
          if (await claimKey(em, claim, at)) {`,
      },
    ],
    tests: ['shop/trading/lost-commit.test.js'],
    names: '',
  },
  {
    bug: 'cancellation restocking twice',
    changes: [
      { file: 'shop/trading/cancel-order.js', from: "\n        .where('status', 'in', from)", to: '' },
      { file: 'shop/trading/checkout.js', from: ' && !returned.includes(id)', to: '' },
    ],
    tests: ['shop/trading/cancel-order.test.js'],
  },
  {
    bug: 'the second user of a key, on a later attempt, taken for the first one',
    changes: [{ file: 'shop/trading/checkout.js', from: 'first.call !== call', to: 'false' }],
    tests: ['shop/trading/repeated.test.js'],
  },
  {
    bug: 'a retry that applies a discarded dead letter',
    changes: [
      { file: 'replication/inbox/retry.js', from: 'DeadLetter, { id })) === 0', to: 'DeadLetter, { id })) < 0' },
    ],
    tests: ['replication/inbox/retry.test.js'],
  },
  {
    bug: 'whatever central meets taken for bad data',
    changes: [
      {
        file: 'replication/inbox/receive.js',
        from: 'if (!central.engine.refusesValue(error)) {',
        to: 'if (central.engine.explain(error)) {',
      },
    ],
    tests: ['shop/central/dead-letters.test.js'],
  },
  {
    bug: 'the characters of a name counted in one way by the writer and in another by the reader',
    changes: [{ file: 'shop/documents/model/order-document.js', from: '!isShort(value)', to: 'value.length > 100' }],
    tests: ['shop/trading/events/contract.property.test.js'],
    names: 'without a database',
  },
  {
    bug: 'a settlement that cancels what another one confirmed',
    changes: [{ file: 'shop/trading/cancel-order.js', from: "[orderId], ['pending']", to: '[orderId], CANCELLABLE' }],
    tests: ['shop/trading/settle-pending.test.js'],
  },
  {
    bug: 'a document taken from the queue before the store has it',
    changes: [
      {
        file: 'shop/documents/feed-documents.js',
        from: 'const put = await putDocuments(store, page);',
        to: 'await unqueue(central, page); const put = await putDocuments(store, page);',
      },
    ],
    tests: ['shop/documents/feed.test.js'],
  },
  {
    bug: 'a newer document taken from the queue with the older one',
    changes: [
      {
        file: 'shop/central/document-queue.js',
        from: "['region', 'orderId', 'epoch', 'version']",
        to: "['region', 'orderId']",
      },
    ],
    tests: ['shop/documents/feed.test.js'],
  },
  {
    bug: 'documents put beside those of a lost future',
    changes: [
      {
        file: 'shop/documents/feed-documents.js',
        from: 'except: [...progress.withheld.keys()]',
        to: 'except: []',
      },
    ],
    tests: ['shop/documents/feed-documents.test.js'],
  },
  {
    bug: 'a document of another checkout counts as taken',
    changes: [
      { file: 'shop/documents/unaccepted.js', from: 'other.id === id && other.placedAt === placedAt', to: 'true' },
    ],
    tests: ['shop/documents/feed-documents.test.js'],
  },
  {
    bug: 'a lease renewed whatever the epoch',
    changes: [{ file: 'replication/relay/relay-row.js', from: ' and epoch = ', to: ' and epoch >= ' }],
    tests: ['replication/relay/relay-row.test.js'],
  },
  {
    bug: 'a new epoch leaves the fencing token',
    changes: [{ file: 'replication/outbox/epoch.js', from: 'set fence = ', to: 'set fence = fence + 0 * ' }],
    tests: ['replication/relay/relay-row.test.js'],
  },
  {
    bug: 'a running relay carries what has arrived into a new epoch',
    changes: [
      { file: 'replication/relay/relay-row.js', from: ' and epoch = ', to: ' and epoch >= ' },
      {
        file: 'replication/relay/relay-row.js',
        from: 'now.fencingToken === held.fencingToken && now.epoch === held.epoch',
        to: 'now.fencingToken === held.fencingToken',
      },
      { file: 'replication/relay/relay-row.js', from: ' and next_seq >= ', to: ' and next_seq >= 0 * ' },
      { file: 'replication/outbox/epoch.js', from: 'set fence = ', to: 'set fence = fence + 0 * ' },
    ],
    tests: ['replication/outbox/epoch.test.js'],
  },
  {
    bug: 'a lease renewed over fewer sequence numbers',
    changes: [{ file: 'replication/relay/relay-row.js', from: ' and next_seq >= ', to: ' and next_seq >= 0 * ' }],
    tests: ['replication/relay/relay-row.test.js'],
  },
  {
    bug: 'a counted fencing token',
    changes: [
      {
        file: 'replication/relay/relay-row.js',
        from: 'update relay_state set fence = ',
        to: 'update relay_state set fence = fence + 1 + 0 * ',
      },
    ],
    tests: ['replication/relay/relay-row.test.js'],
  },
  {
    bug: 'a snapshot of an earlier epoch taken as complete',
    changes: [
      {
        file: 'replication/outbox/epoch.js',
        from: 'const base = fromSeq === undefined ? null',
        to: 'const base = fromSeq === undefined || row.snapshot !== null ? null',
      },
    ],
    tests: ['replication/relay/diagnosis.test.js'],
  },
  {
    bug: 'restored is what central has got to, not what it has heard of',
    changes: [
      { file: 'replication/relay/diagnosis.js', from: 'if (headSeq > nextSeq - 1) {', to: 'if (seq > nextSeq - 1) {' },
    ],
    tests: ['replication/relay/diagnosis.test.js'],
  },
  {
    bug: 'central keeps a conflict of sequence numbers to itself',
    changes: [
      { file: 'replication/inbox/cursor.js', from: 'begun.conflictSeq ?? conflictSeq', to: 'begun.conflictSeq' },
    ],
    tests: ['replication/relay/diagnosis.test.js'],
  },
  {
    bug: 'compare does not look for purged events',
    changes: [
      {
        file: 'shop/compare/compare.js',
        from: 'isLast || (await hasAllSince(region, here, watermark))',
        to: 'true',
      },
    ],
    tests: ['shop/compare/compare.test.js'],
  },
  {
    bug: 'a settlement that confirms what was cancelled meanwhile',
    changes: [{ file: 'shop/trading/settle-pending.js', from: "\n        .where('status', '=', 'pending')", to: '' }],
    tests: ['shop/trading/settle-pending.test.js'],
  },
  {
    bug: 'a partial epoch that drops a snapshot which is being written',
    changes: [
      {
        file: 'replication/outbox/epoch.js',
        from: 'JSON.stringify(progress) : row.snapshot',
        to: 'JSON.stringify(progress) : null',
      },
    ],
    tests: ['shop/trading/snapshot.test.js'],
    names: '^SQLite.*another snapshot',
  },
  {
    bug: 'central asked before the transport',
    changes: [
      {
        file: 'replication/relay/position.js',
        from: 'let stored;',
        to: 'const position = await positionOrUnknown(transport, region); let stored;',
      },
      {
        file: 'replication/relay/position.js',
        from: 'position: await positionOrUnknown(transport, region)',
        to: 'position',
      },
    ],
    tests: ['replication/relay/published.test.js'],
    names: '',
  },
  {
    bug: 'a relay that does not ask central again after a failure',
    changes: [
      {
        file: 'replication/relay/relay.js',
        from: 'this.reconcileSoon();\n            if (error instanceof LeaseLostError) {',
        to: 'if (error instanceof LeaseLostError) {',
      },
    ],
    tests: ['replication/relay/relay.test.js'],
    names: '^SQLite.*after a failure',
  },
  {
    bug: 'an event that was dealt with fails again when it comes again',
    changes: [
      {
        file: 'replication/inbox/failures.js',
        from: 'if (known.get(event.seq) === event.eventId) {',
        to: 'if (known === undefined) {',
      },
    ],
    tests: ['shop/central/dead-letters.test.js'],
    names: '^SQLite.*dead-lettered event is reported once',
  },
  {
    bug: 'documents in the queue compared by version alone',
    changes: [
      {
        file: 'shop/central/document-queue.js',
        from: "upsertNewer(em, documents, ['epoch', 'version'])",
        to: "upsertNewer(em, documents, ['version'])",
      },
    ],
    tests: ['shop/documents/feed.test.js'],
    names: '^SQLite.*later epoch',
  },
  {
    bug: 'what was published is compared by sequence number alone',
    changes: [
      { file: 'replication/relay/diagnosis.js', from: 'here.eventId !== eventId', to: 'eventId === undefined' },
    ],
    tests: ['replication/relay/reconcile.test.js'],
    names: '^SQLite.*diverged since',
  },
  {
    bug: 'events count as arrived by the sequence number of a later epoch',
    changes: [{ file: 'replication/relay/position.js', from: 'position?.epoch !== epoch || ', to: '' }],
    tests: ['replication/relay/reconcile.test.js'],
    names: '^SQLite.*an epoch that the region does not know',
  },
  {
    bug: 'events count as arrived by the same sequence number',
    changes: [
      { file: 'replication/relay/position.js', from: ' || position.conflictSeq !== undefined', to: '' },
      { file: 'replication/relay/position.js', from: 'position.eventId === last.eventId', to: 'true' },
    ],
    tests: ['replication/relay/reconcile.test.js'],
    names: '^SQLite.*another event: that one does not count',
  },
  {
    bug: 'documents forgotten of which the newer ones have not been read',
    changes: [
      {
        file: 'shop/documents/feed-documents.js',
        from: 'forgotten.filter(({ region }) =>',
        to: '(await forgettings(central)).filter(({ region }) =>',
      },
    ],
    tests: ['shop/documents/feed.test.js'],
    names: '^SQLite.*at the end of the snapshot',
  },
  {
    bug: 'the head of an epoch carried into the next one',
    changes: [
      {
        file: 'replication/inbox/cursor.js',
        from: 'epoch, seq: 0, headSeq: 0',
        to: 'epoch, seq: 0, headSeq: before.headSeq',
      },
    ],
    tests: ['shop/central/apply.test.js'],
    names: '^SQLite.*a new epoch begins at 1',
  },
  {
    bug: 'documents in the store compared by version alone',
    changes: [
      {
        file: 'shop/documents/sql/store.js',
        from: "upsertNewer(em, rows, ['epoch', 'version'], key)",
        to: "upsertNewer(em, rows, ['version'], key)",
      },
    ],
    tests: ['shop/documents/store.test.js'],
    names: 'SQLite.*the newer stays',
  },
  {
    bug: 'an epoch whose first events were purged taken as complete',
    changes: [
      {
        file: 'replication/relay/diagnosis.js',
        from: '(await eventAt(em, row.epoch, 1)) !== undefined)',
        to: 'true)',
      },
    ],
    tests: ['replication/relay/reconcile.test.js'],
    names: '^SQLite.*not recorded',
  },
  {
    bug: 'what was published is remembered over a lost lease',
    changes: [
      {
        file: 'replication/relay/relay.js',
        from: 'const cursor = cursorAt(await this.#lease.acquire());',
        to: 'const acquired = cursorAt(await this.#lease.acquire()); const cursor = { ...acquired, publishedSeq: this.published ?? 0 };',
      },
      {
        file: 'replication/relay/relay.js',
        from: 'this.#cursor = { row, publishedSeq, ackedSeq };',
        to: 'this.#cursor = { row, publishedSeq, ackedSeq }; this.published = publishedSeq;',
      },
    ],
    tests: ['replication/relay/relay.test.js'],
    names: '^SQLite.*whatever it had published before',
  },
  {
    bug: 'messages of NATS acknowledged before central has committed them',
    changes: [
      {
        file: 'replication/transport/nats/receive.js',
        from: 'if (!(await untilDone(toBatch(waiting.slice(0, count))))) {',
        to: 'answer(ACKNOWLEDGED, waiting.slice(0, count)); if (!(await untilDone(toBatch(waiting.slice(0, count))))) {',
      },
    ],
    tests: ['replication/transport/nats/receive.test.js'],
    names: 'once central has committed',
  },
];

const files = new Set<string>();
/** The names of tests that have found a bug. */
const found = new Set<string>();

test.each(MUTANTS)('$bug', async ({ bug, changes, tests, names = '^SQLite' }) => {
  const { failed, broken } = await runMutant(bug, changes, tests, names);
  expect(broken).toEqual([]);
  expect(failed).not.toEqual([]);
  process.stderr.write(`${bug}: ${failed.join('; ')}\n`);
  for (const path of tests) {
    files.add(path);
  }
  for (const name of failed) {
    found.add(name);
  }
});

// of the other tests of these files, `npm test` shows that they pass
test('without any of them, what has found them passes', async () => {
  const pattern = `^(?:${[...found].map(escaped).join('|')})$`;
  const { passed, failed, broken } = await runMutant('no bug', [], [...files], pattern);
  expect([...failed, ...broken]).toEqual([]);
  expect(passed).toBeGreaterThanOrEqual(found.size);
});
