/** The request and the answer of a program that places orders, and how its turn is timed. */
import process from 'node:process';

export interface PlaceJob {
  /** Products of each order. */
  readonly items: number;
  readonly seed: number;
}

/** The numbers of orders, of which the last is not placed. */
export interface PlaceOrders {
  readonly from: number;
  readonly to: number;
}

/** Instead of being timed. */
export interface ProfiledOrders extends PlaceOrders {
  readonly profile: true;
}

export interface Turn {
  readonly seconds: number;
  /** Of the processor; the rest was waiting, nearly all of it for the disk. */
  readonly cpuSeconds: number;
}

export async function timed(work: () => Promise<void>): Promise<Turn> {
  const [start, cpu] = [performance.now(), process.cpuUsage()];
  await work();
  const { user, system } = process.cpuUsage(cpu);
  return { seconds: (performance.now() - start) / 1000, cpuSeconds: (user + system) / 1e6 };
}
