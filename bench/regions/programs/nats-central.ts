/** A program: central, taking events from NATS until it has so many, as `meridian central run` does. */
import process from 'node:process';
import { centralProjection, central as declaration, runCentral } from '../meridian.ts';
import { giveBack, givenJob } from '../program.ts';

export interface CentralJob {
  /** Events after which the clock starts. */
  readonly warmUp: number;
  /** Events after which it ends, or orders. */
  readonly events?: number;
  readonly orders?: number;
}

export interface Taken {
  /** After the warm-up. */
  readonly events: number;
  readonly seconds: number;
  /** Of the processor, in this process. */
  readonly cpuSeconds: number;
  /** Of each order: its id, and when central had committed it, by the clock of the machine in milliseconds. */
  readonly arrivals: readonly (readonly [number, number])[];
}

const { warmUp, events = Number.POSITIVE_INFINITY, orders } = givenJob<CentralJob>();
const end = new AbortController();
const arrivals = new Map<number, number>();
let taken = 0;
let started: { readonly at: number; readonly cpu: NodeJS.CpuUsage; readonly taken: number } | undefined;
let result: Taken | undefined;
await runCentral({
  declaration,
  projection: centralProjection,
  signal: end.signal,
  listener: {
    taken(_, count, batch) {
      const at = machineMilliseconds();
      taken += count;
      if (orders !== undefined) {
        for (const { aggregateId } of batch.events.filter(({ aggregate }) => aggregate === 'order')) {
          arrivals.set(aggregateId, at);
        }
      }
      if ((taken >= events || arrivals.size === orders) && result === undefined) {
        const { user, system } = process.cpuUsage(started?.cpu);
        result = {
          events: taken - (started?.taken ?? 0),
          seconds: (at - (started?.at ?? at)) / 1000,
          cpuSeconds: (user + system) / 1e6,
          arrivals: [...arrivals],
        };
        end.abort();
      } else if (started === undefined && taken >= warmUp) {
        started = { at, cpu: process.cpuUsage(), taken };
      }
    },
    failed(_, error) {
      throw error;
    },
  },
});
giveBack(result ?? {});

/** The same for all processes of the machine. */
function machineMilliseconds(): number {
  return Number(process.hrtime.bigint()) / 1e6;
}
