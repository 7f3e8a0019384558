/** A program: ships a region's outbox to central, both in this process, as `meridian sync` does. */
import process from 'node:process';
import type { RelayOptions } from '../../../src/replication/relay/settings.ts';
import {
  applyBatch,
  central,
  drain,
  inProcessTransport,
  openIfThere,
  openMigrated,
  positionOf,
  regionDatabase,
  regionSnapshots,
} from '../meridian.ts';
import { profiled, type Share } from '../profile.ts';
import { giveBack, givenJob } from '../program.ts';
import { REGION } from '../requests.ts';

export interface DrainJob {
  /** Events after which the clock starts. */
  readonly warmUp: number;
  /** Where the time goes is found out as well, which takes some. */
  readonly isProfiled: boolean;
}

export interface Drained {
  /** After the warm-up. */
  readonly events: number;
  readonly seconds: number;
  /** Of the processor; the rest was waiting for the disk. */
  readonly cpuSeconds: number;
  /** Of the warm-up as well; none unless it was asked for. */
  readonly profile: readonly Share[];
}

const { warmUp, isProfiled } = givenJob<DrainJob>();
const region = await openIfThere(regionDatabase(REGION));
const facts = await openMigrated(central);
if (region === undefined) {
  throw new Error(`There is no database of ${REGION}`);
}
const transport = inProcessTransport((name) => positionOf(facts, name));
await transport.consume((batch) => applyBatch(facts, batch));

let shipped = 0;
let started: { readonly at: number; readonly cpu: NodeJS.CpuUsage; readonly shipped: number } | undefined;
const options: RelayOptions = {
  database: region,
  transport,
  snapshots: regionSnapshots,
  signal: new AbortController().signal,
  listener: {
    shipped(events) {
      shipped += events;
      if (started === undefined && shipped >= warmUp) {
        started = { at: performance.now(), cpu: process.cpuUsage(), shipped };
      }
    },
    failed(error) {
      throw error;
    },
  },
};
const ship = async () => {
  await drain(options);
};
let profile: readonly Share[] = [];
if (isProfiled) {
  profile = await profiled(ship);
} else {
  await ship();
}
const [end, { user, system }] = [performance.now(), process.cpuUsage(started?.cpu)];
const position = await positionOf(facts, REGION);
if (started === undefined || position?.seq !== shipped) {
  throw new Error(`Central has got to ${position?.seq} of ${shipped} events`);
}
await transport.close();
await region.close();
await facts.close();
const drained: Drained = {
  events: shipped - started.shipped,
  seconds: (end - started.at) / 1000,
  cpuSeconds: (user + system) / 1e6,
  profile,
};
giveBack(drained);
