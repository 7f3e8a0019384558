/** Draws a plan from a seed: which kinds of faults there are at all, how often, and in a system of which size and settings. */
import { RandomStream } from './kernel/random-stream.ts';
import { drawListFaults, drawLists } from './lists.ts';
import { drawLoadFaults, drawLoads } from './loads.ts';
import { CALM_NETWORK, type NetworkSettings } from './parts/network.ts';
import {
  BROKER,
  CENTRAL,
  canBeAway,
  type Fault,
  ordersDatabase,
  type Plan,
  type PlannedClock,
  type PlannedSettings,
} from './plan.ts';
import { onOneMachine } from './sync-plans.ts';
import { drawOperations } from './workload.ts';

export const REGIONS = ['boston', 'denver', 'seattle'] as const;
const MILLISECONDS_PER_OPERATION = 500;
/** Of simulations, in how many files are loaded into regions. */
const LOADS_PROBABILITY = 0.25;
/** In how many component lists are set. */
const LISTS_PROBABILITY = 0.25;
/** In how many one process ships all regions. */
const SYNC_PROBABILITY = 0.15;

/** @param seed gives the same plan each time */
export function drawPlan(seed: number): Plan {
  const plan = drawMachines(seed);
  return new RandomStream(seed, 'sync').chance(SYNC_PROBABILITY) ? onOneMachine(plan) : plan;
}

/** A plan with a machine for each region. */
function drawMachines(seed: number): Plan {
  const random = new RandomStream(seed, 'swarm');
  const regions = REGIONS.slice(0, random.pick([1, 2, 3, 3]));
  const transport = random.pick(['direct', 'stored'] as const);
  const operations = random.whole(15, 40);
  const milliseconds = operations * MILLISECONDS_PER_OPERATION;
  const relays = random.pick([1, 2, 2]);
  const clients = random.pick([1, 4, 12]);
  const scene: Scene = { random, regions, transport, milliseconds, relays };
  const loading = new RandomStream(seed, 'loads');
  const loads = loading.chance(LOADS_PROBABILITY) ? drawLoads(loading, regions, milliseconds) : [];
  const listing = new RandomStream(seed, 'component lists');
  const lists = listing.chance(LISTS_PROBABILITY) ? drawLists(listing, milliseconds) : [];
  return {
    format: 1,
    seed,
    transport,
    ...(transport === 'stored' ? { wholePrograms: true } : {}),
    regions,
    relays,
    clients,
    settings: drawSettings(random),
    network: drawNetwork(random),
    clocks: drawClocks(random, [...regions, CENTRAL]),
    milliseconds,
    operations: regions.flatMap((region) =>
      drawOperations(new RandomStream(seed, `requests in ${region}`), region, operations, {
        milliseconds: milliseconds * 0.9,
        atOnce: clients,
      }),
    ),
    faults: [
      ...DRAWN.flatMap((draw) => draw(scene)),
      ...drawLoadFaults(loading, loads),
      ...drawListFaults(listing, lists),
    ]
      .filter((fault) => fault.kind !== 'database away' || canBeAway(fault.database, { lists }))
      .sort((a, b) => a.at - b.at),
    ...(loads.length === 0 ? {} : { loads }),
    ...(lists.length === 0 ? {} : { lists }),
  };
}

interface Scene {
  readonly random: RandomStream;
  readonly regions: readonly string[];
  readonly transport: Plan['transport'];
  readonly milliseconds: number;
  readonly relays: number;
}

function drawSettings(random: RandomStream): PlannedSettings {
  return {
    batchEvents: random.whole(1, 8),
    pollMilliseconds: random.pick([250, 1000]),
    leaseSeconds: random.pick([3, 10]),
    reconcileSeconds: random.pick([2, 10]),
    confirmSeconds: 1,
    // seconds, or as long as any simulation takes
    keepDays: random.chance(0.3) ? 0.0001 : 7,
    ackWaitSeconds: random.pick([2, 5]),
  };
}

function drawNetwork(random: RandomStream): NetworkSettings {
  const sometimes = (most: number) => (random.chance(0.5) ? random.next() * most : 0);
  return {
    ...CALM_NETWORK,
    lossProbability: sometimes(0.2),
    duplicateProbability: sometimes(0.3),
    slowProbability: sometimes(0.3),
    meanMilliseconds: 2 + random.next() * 20,
    slowMilliseconds: 2000,
  };
}

function drawClocks(random: RandomStream, machines: readonly string[]): Record<string, PlannedClock> {
  const areWrong = random.chance(0.5);
  return Object.fromEntries(
    machines.map((machine) => [
      machine,
      areWrong
        ? { offset: random.whole(-3_600_000, 3_600_000), drift: (random.next() - 0.5) * 0.02 }
        : { offset: 0, drift: 0 },
    ]),
  );
}

/** A kind of fault: most simulations have only some. */
const DRAWN: readonly ((scene: Scene) => readonly Fault[])[] = [
  (scene) =>
    some(scene, 0.75, 8, (at) => ({
      kind: 'kill',
      at,
      process: anyProcess(scene),
      statements: scene.random.whole(0, 60),
      when: scene.random.pick(['before', 'after']),
      restartMilliseconds: scene.random.exponential(3000),
    })),
  (scene) =>
    some(scene, 0.25, 2, (at) => ({
      kind: 'power cut',
      at,
      machine: anyMachine(scene),
      restartMilliseconds: scene.random.exponential(3000),
    })),
  (scene) =>
    some(scene, 0.3, 3, (at) => ({
      kind: 'pause',
      at,
      process: anyProcess(scene),
      milliseconds: scene.random.whole(1000, 15_000),
    })),
  (scene) =>
    some(scene, 0.5, 4, (at) => {
      const [region, other] = [
        anyRegion(scene),
        scene.transport === 'stored' && scene.random.chance(0.5) ? BROKER : CENTRAL,
      ];
      const [from, to] = scene.random.chance(0.5) ? [region, other] : [other, region];
      return { kind: 'cut', at, from, to, milliseconds: scene.random.exponential(8000) };
    }),
  (scene) =>
    some(scene, 0.3, 2, (at) => ({
      kind: 'clock step',
      at,
      machine: anyMachine(scene),
      milliseconds: scene.random.pick([-3_600_000, -5000, 5000, 86_400_000]),
    })),
  (scene) =>
    some(scene, 0.3, 3, (at) => ({
      kind: 'disk error',
      at,
      process: anyProcess(scene),
      statements: scene.random.whole(0, 60),
    })),
  (scene) =>
    some(scene, 0.15, 1, (at) => ({
      kind: 'disk full',
      at,
      machine: anyMachine(scene),
      milliseconds: scene.random.exponential(3000),
    })),
  (scene) =>
    some(scene, 0.2, 2, (at) => ({
      kind: 'disk slow',
      at,
      machine: anyMachine(scene),
      milliseconds: scene.random.exponential(4000),
      factor: scene.random.pick([20, 200]),
    })),
  (scene) =>
    some(scene, 0.4, 2, (at) => ({
      kind: 'database away',
      at,
      database: scene.random.pick(['users', 'products']),
      milliseconds: scene.random.exponential(6000),
    })),
  (scene) => some(scene, 0.3, 1, (at) => ({ kind: 'load user', at })),
  drawRestores,
  (scene) =>
    some(scene, 0.25, 1, (at) => ({
      kind: 'promote',
      at,
      database: ordersDatabase(anyRegion(scene)),
      behindMilliseconds: scene.random.whole(200, 4000),
    })),
  (scene) =>
    some(scene, 0.35, 2, (at) => ({
      kind: 'resend',
      at,
      region: anyRegion(scene),
      fromSeq: scene.random.chance(0.5) ? scene.random.whole(1, 30) : undefined,
    })),
  (scene) => some(scene, 0.2, 2, (at) => ({ kind: 'retry dead letters', at })),
  (scene) => some(scene, 0.4, 3, (at) => ({ kind: 'compare', at, region: anyRegion(scene) })),
  (scene) =>
    some(scene, 0.25, 2, (at) => ({
      kind: 'second process',
      at,
      process: anyProcess(scene),
      milliseconds: scene.random.whole(1000, 10_000),
    })),
  (scene) =>
    scene.regions.length < 2
      ? []
      : some(scene, 0.1, 1, (at) => {
          const [first, second] = scene.regions as readonly [string, string];
          return { kind: 'wrong URL', at, region: first, database: ordersDatabase(second) };
        }),
  (scene) => (scene.transport === 'direct' ? [] : some(scene, 0.25, 1, (at) => ({ kind: 'broker wiped', at }))),
  (scene) =>
    scene.transport === 'direct'
      ? []
      : some(scene, 0.15, 1, (at) => ({ kind: 'broker full', at, milliseconds: scene.random.exponential(4000) })),
  (scene) =>
    scene.transport === 'direct'
      ? []
      : some(scene, 0.25, 2, (at) => ({ kind: 'broker stopped', at, milliseconds: scene.random.exponential(4000) })),
];

/** With a probability, so many of a kind of fault at most. */
function some(
  { random, milliseconds }: Scene,
  probability: number,
  most: number,
  draw: (at: number) => Fault,
): readonly Fault[] {
  const count = random.chance(probability) ? random.whole(1, most) : 0;
  return Array.from({ length: count }, () => draw(Math.round(random.next() * milliseconds)));
}

/** A backup, and a restore of one database or of several at once some time later. */
function drawRestores({ random, regions, milliseconds }: Scene): readonly Fault[] {
  const all = [CENTRAL, 'documents', ...regions.map(ordersDatabase)];
  const count = random.chance(0.5) ? random.whole(1, 2) : 0;
  return Array.from({ length: count }, (_, index): readonly Fault[] => {
    const label = String(index + 1);
    const backedUpAt = Math.round(random.next() * 0.7 * milliseconds);
    const at = Math.round(backedUpAt + random.next() * (milliseconds - backedUpAt));
    const databases = random.chance(0.6) ? [random.pick(all)] : all.filter(() => random.chance(0.5));
    const restartMilliseconds = 200 + random.exponential(2000);
    return [
      { kind: 'back up', at: backedUpAt, databases: all, label },
      { kind: 'restore', at, databases, label, restartMilliseconds },
    ];
  }).flat();
}

function anyRegion({ random, regions }: Scene): string {
  return random.pick(regions);
}

function anyMachine({ random, regions }: Scene): string {
  return random.pick([...regions, CENTRAL]);
}

function anyProcess({ random, regions, relays }: Scene): string {
  const region = random.pick(regions);
  const relay = `relay ${region} ${random.whole(1, relays)}`;
  return random.pick([CENTRAL, relay, relay, random.pick([`seller ${region}`, `settler ${region}`])]);
}
