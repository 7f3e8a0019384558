/** The results of the region benchmark, as they are written to regions.json and to the report. */
import type { Machine } from '../machine.ts';
import type { Clients } from './clients.ts';
import type { Draining } from './draining.ts';
import type { Lag } from './lag.ts';
import type { Nats } from './nats.ts';
import type { Placing } from './placing.ts';

/** Each can be measured without the others. */
export const PARTS = ['placing', 'draining', 'lag', 'nats', 'clients'] as const;

export type Part = (typeof PARTS)[number];

export interface Findings {
  readonly command: string;
  readonly date: string;
  readonly machine: Machine;
  readonly versions: Readonly<Record<string, string>>;
  readonly rounds: number;
  readonly seed: number;
  /** By products of an order. */
  readonly placing: readonly Placing[] | undefined;
  readonly draining: Draining | undefined;
  readonly lag: Lag | undefined;
  readonly nats?: Nats | { readonly reason: string } | undefined;
  readonly clients: Clients | { readonly reason: string } | undefined;
}
