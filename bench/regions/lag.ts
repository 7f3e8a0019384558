/** How soon central has an order that is placed in an idle region: a sync that runs on, in the same process. */
import { quantile } from '../figures.ts';
import { runProgram } from './program.ts';
import type { LagJob, Lags } from './programs/lag.ts';
import { inCopy } from './shop.ts';

export interface Lag {
  readonly orders: number;
  /** From commit to commit. */
  readonly milliseconds: { readonly p50: number; readonly p90: number; readonly p99: number; readonly most: number };
  /** Of each order. */
  readonly all: readonly number[];
}

export async function measureLag(shop: string, job: LagJob): Promise<Lag> {
  const { result } = await inCopy(shop, (folder) => runProgram<Lags>('lag', job, { folder }));
  return toLag(result.milliseconds);
}

export function toLag(all: readonly number[]): Lag {
  const at = (share: number) => quantile(all, share);
  return { orders: all.length, milliseconds: { p50: at(0.5), p90: at(0.9), p99: at(0.99), most: at(1) }, all };
}
