/** Draws files of orders that a populate loads into regions, with what may be wrong in them, and faults that meet their loads. */
import type { RandomStream } from './kernel/random-stream.ts';
import { MISSING_USER_ID, PRODUCT_IDS, USER_IDS } from './parts/files.ts';
import { type Fault, type PlannedLoad, populateProcess } from './plan.ts';

export const HEADER = 'id,userId,productId,quantity,unitPrice,status';

const MAX_RECORDS = 30;
/** What regions sell has smaller ids for the most part; the orders of the next file have larger ones. */
const IDS_PER_FILE = 1000;
/** Before its run begins. */
const PREPARING_STATEMENTS = 90;
const UNKNOWN_USER_ID = 99;
const UNKNOWN_PRODUCT_ID = 98;
const DANGLING_PROBABILITY = 0.2;
const DIRTY_PROBABILITY = 0.2;

export function drawLoads(random: RandomStream, regions: readonly string[], milliseconds: number): PlannedLoad[] {
  const chosen = regions.filter(() => random.chance(0.6));
  return (chosen.length === 0 ? regions.slice(0, 1) : chosen).flatMap((region) =>
    Array.from({ length: random.pick([1, 1, 2]) }, (_, index): PlannedLoad => {
      const batchRecords = random.whole(1, 8);
      return {
        name: `${region}-${index + 1}`,
        region,
        at: Math.round(random.next() * 0.7 * milliseconds),
        lines: drawLines(random, (index + 1) * IDS_PER_FILE, random.whole(1, MAX_RECORDS)),
        batchRecords,
        transactionRecords: batchRecords * random.pick([1, 1, 3]),
      };
    }),
  );
}

function drawLines(random: RandomStream, firstId: number, count: number): string[] {
  const isClean = random.chance(0.2);
  return Array.from({ length: count }, (_, index) => {
    const valid = {
      id: String(firstId + index),
      userId: String(random.pick(USER_IDS)),
      productId: String(random.pick(PRODUCT_IDS)),
      quantity: String(random.whole(1, 9)),
      unitPrice: random.pick(['', '2.50', '10']),
      status: random.pick(['', '', 'confirmed', 'pending', 'cancelled']),
    };
    const chance = isClean ? 1 : random.next();
    const record =
      chance < DANGLING_PROBABILITY
        ? { ...valid, ...random.pick(DANGLING) }
        : chance < DANGLING_PROBABILITY + DIRTY_PROBABILITY
          ? { ...valid, ...random.pick(dirty(firstId)) }
          : valid;
    return Object.values(record).join(',');
  });
}

const DANGLING = [
  { userId: String(UNKNOWN_USER_ID) },
  { userId: String(MISSING_USER_ID) },
  { productId: String(UNKNOWN_PRODUCT_ID) },
];

function dirty(firstId: number) {
  return [
    { quantity: 'several' },
    { quantity: '0' },
    { unitPrice: '-1' },
    { status: 'lost' },
    { userId: '' },
    // of an earlier record, or of an order that the region has taken
    { id: String(firstId) },
    { id: '1' },
    { id: '2' },
  ];
}

/** Where in its work a populate is met: mostly after it has opened and examined everything. */
function drawStatements(random: RandomStream, { lines }: PlannedLoad): number {
  return random.chance(0.15)
    ? random.whole(0, PREPARING_STATEMENTS)
    : PREPARING_STATEMENTS + random.whole(0, 35 + 4 * lines.length);
}

/** More than fall to them by chance. */
export function drawLoadFaults(random: RandomStream, loads: readonly PlannedLoad[]): Fault[] {
  return loads.flatMap((load): Fault[] => {
    const process = populateProcess(load);
    const kills = Array.from(
      { length: random.pick([0, 1, 2, 3]) },
      (_, index): Fault => ({
        kind: 'kill',
        at: load.at + index * 2000,
        process,
        statements: drawStatements(random, load),
        when: random.pick(['before', 'after']),
        restartMilliseconds: random.exponential(4000),
      }),
    );
    const errors: Fault[] = random.chance(0.3)
      ? [{ kind: 'disk error', at: load.at, process, statements: drawStatements(random, load) }]
      : [];
    // while it is stopped in the middle of its work, other processes go on
    const pauses: Fault[] = random.chance(0.5)
      ? [{ kind: 'pause', at: load.at + random.whole(15, 45), process, milliseconds: random.whole(1000, 8000) }]
      : [];
    const slowness: Fault[] = random.chance(0.25)
      ? [
          {
            kind: 'disk slow',
            at: load.at,
            machine: load.region,
            milliseconds: random.whole(2000, 6000),
            factor: random.pick([50, 200]),
          },
        ]
      : [];
    const seconds: Fault[] = random.chance(0.2)
      ? [
          {
            kind: 'second process',
            at: load.at + random.whole(0, 2000),
            process,
            milliseconds: random.whole(50, 10_000),
          },
        ]
      : [];
    return [...kills, ...errors, ...pauses, ...slowness, ...seconds];
  });
}
