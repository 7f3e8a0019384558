/** Each stored plan finds the fault that it was stored for: it fails once the fix is undone. */
import { describe, expect, test } from '@jest/globals';
import { storedPlans } from '../simulator/stored-plans.ts';
import { type Change, runMutant } from '../support/mutant.ts';

/** A part of an epoch is sent again to a central that needs all of it. */
const SENT_IN_PARTS: Change = {
  file: 'replication/relay/reconcile.js',
  from: 'position === UNKNOWN || canBuildOn(',
  to: 'true || canBuildOn(',
};

/** Plan -> what undoes its fix. Several variants where each of them alone has to be found. */
const VARIANTS: Readonly<Record<string, readonly (readonly Change[])[]>> = {
  'central-answers-after-the-lease': [
    [{ file: 'replication/outbox/epoch.js', from: 'const isHeld = held === undefined', to: 'const isHeld = true' }],
  ],
  'central-restored-before-a-partial-epoch': [
    [
      {
        file: 'replication/relay/diagnosis.js',
        from: ': diverged(`epoch ',
        to: ': row ? WELL : diverged(`epoch ',
      },
      {
        file: 'replication/inbox/cursor.js',
        from: 'const lacksBase = base !== undefined && ',
        to: 'const lacksBase = base === null && ',
      },
    ],
  ],
  'central-restored-to-nothing': [
    [
      {
        file: 'replication/events/epoch.js',
        from: 'base.epoch === FIRST_EPOCH && base.seq === 0',
        to: 'base.epoch < FIRST_EPOCH',
      },
      SENT_IN_PARTS,
    ],
  ],
  'clock-put-back-by-an-hour': [
    [
      { file: 'replication/relay/reconciler.js', from: 'return monotonic() -', to: 'return currentTime().getTime() -' },
      { file: 'replication/relay/reconciler.js', from: '= monotonic();', to: '= currentTime().getTime();' },
    ],
  ],
  'documents-of-a-lost-order': [
    [
      {
        file: 'replication/relay/diagnosis.js',
        from: 'if (documents === undefined) {',
        to: 'if (documents !== null) {',
      },
      { file: 'shop/documents/unaccepted.js', from: 'other.id === id && other.placedAt === placedAt', to: 'true' },
      {
        file: 'shop/documents/feed-documents.js',
        from: 'except: [...progress.withheld.keys()]',
        to: 'except: []',
      },
    ],
  ],
  'epoch-begun-under-a-relay': [
    [
      { file: 'replication/relay/relay-row.js', from: ' and epoch = ', to: ' and epoch >= ' },
      { file: 'replication/relay/relay-row.js', from: ' && now.epoch === held.epoch', to: '' },
      { file: 'replication/relay/relay-row.js', from: ' and next_seq >= ', to: ' and next_seq >= 0 * ' },
      { file: 'replication/outbox/epoch.js', from: 'set fence = ', to: 'set fence = fence + 0 * ' },
    ],
  ],
  'late-event-of-a-lost-epoch': [
    [{ file: 'replication/relay/relay.js', from: '!hasApplied(position, batch)', to: 'hasApplied === undefined' }],
  ],
  'order-reverted-while-it-is-settled': [
    [{ file: 'shop/trading/settle-pending.js', from: "error.code === 'usage'", to: 'false' }],
  ],
  'region-restored-while-central-is-away': [
    // the message server drops the new events as repetitions of the lost ones
    [{ file: 'replication/transport/nats/names.js', from: 'toToken(eventId)', to: "'-'" }],
    // central keeps to itself that it has got two events with one sequence number
    [{ file: 'replication/inbox/cursor.js', from: 'begun.conflictSeq ?? conflictSeq', to: 'begun.conflictSeq' }],
  ],
  'resend-lost-and-central-restored-to-nothing': [[SENT_IN_PARTS]],
  'run-abandoned-and-continued': [
    [
      {
        file: 'populate/check/abandon-runs.js',
        from: 'onRejecting: (transaction, rejected) => recordRejections(one, progress, transaction, rejected)',
        to: 'onRejecting: (transaction, rejected) => new RunStore(one.table).addRejects(transaction, row.id, rejected)',
      },
    ],
  ],
  'standby-promoted-under-a-relay': [
    [
      { file: 'replication/relay/relay-row.js', from: ' and next_seq >= ', to: ' and next_seq >= 0 * ' },
      { file: 'replication/relay/relay-row.js', from: ' && now.nextSeq >= held.nextSeq', to: '' },
    ],
  ],
  'standby-promoted-while-central-answers': [
    [
      {
        file: 'replication/relay/relay-row.js',
        from: 'whileHeld(held)}`.execute(',
        to: 'whileHeld({ ...held, nextSeq: 0 })}`.execute(',
      },
    ],
  ],
  'two-regions-over-one-database': [
    [{ file: 'database/identity.js', from: 'if (other !== undefined) {', to: 'if (other === name) {' }],
  ],
};

test('each stored plan has a fix that can be undone', () => {
  expect(Object.keys(VARIANTS)).toEqual(storedPlans().map(({ name }) => name));
});

describe('without its fix', () => {
  const cases = Object.entries(VARIANTS).flatMap(([plan, variants]) => variants.map((changes) => ({ plan, changes })));
  test.each(cases)('the plan $plan fails', async ({ plan, changes }) => {
    const { failed, broken } = await runMutant(
      plan,
      changes,
      ['simulator/plans.thorough.test.js'],
      `the stored plan ${plan} `,
    );
    expect(broken).toEqual([]);
    expect(failed).toEqual([expect.stringContaining(plan)]);
  });
});
