/** The health of a region, with advice. */
import { countOf, formatSeconds, type Point, pointsOf, type Received, type Verdict } from '../../page/module-values.ts';
import type { RegionInCentral } from './central-state.ts';

export interface RegionState {
  readonly orders: number;
  /** Orders whose user or product could not be checked yet. */
  readonly pending: number;
  readonly products: number;
  readonly onHand: number;
  readonly unshipped: number;
  readonly held: number;
  readonly lagSeconds: number;
  readonly relay: string;
  readonly epoch: number;
  readonly ackedSeq: number;
  readonly lastError: string | null;
  readonly isDisconnected: boolean;
}

/** The state of a region; `null` without a database. */
export type Region = RegionState | { readonly error: string } | null;

export interface Regions {
  readonly regions: Readonly<Record<string, Region>>;
  readonly shipping: { readonly isOn: boolean; readonly error: string | null };
}

/** A region with a shorter delay is not behind. */
const CURRENT_SECONDS = 10;

export function isKnown(region: Region | undefined): region is RegionState {
  return region !== null && region !== undefined && !('error' in region);
}

/** @param inCentral the position of central with the region, if it is known */
export function regionVerdict(name: string, region: Region, inCentral?: RegionInCentral): Verdict {
  if (region === null) {
    return { health: 'missing', advice: 'It has no database yet. Its first order, delivery or load makes it.' };
  }
  if (!isKnown(region)) {
    return { health: 'unknown', advice: region.error };
  }
  if (region.isDisconnected) {
    return {
      health: 'behind',
      advice: `It is disconnected from central${waiting(region)}. Reconnect it${toShip(region)}.`,
    };
  }
  if (region.lastError !== null) {
    return { health: 'failing', advice: region.lastError };
  }
  const deadLetters = inCentral?.deadLetters ?? 0;
  if (deadLetters > 0) {
    const [verb, pronoun] = deadLetters === 1 ? ['is', 'it'] : ['are', 'them'];
    return {
      health: 'failing',
      advice: `${countOf(deadLetters, 'event')} ${verb} dead-lettered, and central lacks ${pronoun}. Retry or discard ${pronoun} under Dead letters.`,
    };
  }
  return backlogVerdict(name, region);
}

function backlogVerdict(name: string, region: RegionState): Verdict {
  const { unshipped, held, lagSeconds, relay } = region;
  if (relay === 'paused') {
    return { health: 'behind', advice: `Its relay is paused${waiting(region)}. Resume it${toShip(region)}.` };
  }
  if (held > 0) {
    return {
      health: 'behind',
      advice: `${countOf(held, 'event')} of a load ${held === 1 ? 'is' : 'are'} withheld until npx meridian verify has checked the load.`,
    };
  }
  if (unshipped > 0 && lagSeconds > CURRENT_SECONDS) {
    return {
      health: 'behind',
      advice: `${backlogOf(region)}. Ship now, or keep npx meridian relay run --region ${name} running.`,
    };
  }
  return { health: 'well', advice: '' };
}

function toShip({ unshipped }: RegionState): string {
  return unshipped === 0 ? '' : ` to ship ${unshipped === 1 ? 'it' : 'them'}`;
}

function waiting(region: RegionState): string {
  return region.unshipped === 0 ? '' : `: ${backlogOf(region)}`;
}

function backlogOf({ unshipped, lagSeconds }: RegionState): string {
  return `${countOf(unshipped, 'event')}, the oldest from ${formatSeconds(lagSeconds)} ago`;
}

type Figure = 'unshipped' | 'orders' | 'onHand' | 'lagSeconds';

/** A figure of a region over time. */
export function figuresOf(history: readonly Received[], name: string, figure: Figure): readonly Point[] {
  return pointsOf(history, (state) => {
    const region = (state as Partial<Regions> | undefined)?.regions?.[name];
    return isKnown(region) ? region[figure] : null;
  });
}
