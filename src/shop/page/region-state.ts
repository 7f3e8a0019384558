/** How a region is, and what to do about it. */
import type { Health } from '../../page/frame/health.ts';
import { countOf, formatSeconds } from '../../page/frame/text.ts';

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
}

/** `null` has no database yet. */
export type Region = RegionState | { readonly error: string } | null;

export interface Regions {
  readonly regions: Readonly<Record<string, Region>>;
}

export interface RegionVerdict {
  readonly health: Health;
  readonly advice: string;
}

/** What is shipped within this time is not behind. */
const CURRENT_SECONDS = 10;

export function isKnown(region: Region | undefined): region is RegionState {
  return region !== null && region !== undefined && !('error' in region);
}

export function regionVerdict(name: string, region: Region): RegionVerdict {
  if (region === null) {
    return { health: 'missing', advice: 'It has no database yet. Its first order, delivery or load makes it.' };
  }
  if (!isKnown(region)) {
    return { health: 'unknown', advice: region.error };
  }
  const { unshipped, held, lagSeconds, relay, lastError } = region;
  if (lastError !== null) {
    return { health: 'failing', advice: lastError };
  }
  const backlog = `${countOf(unshipped, 'event')}, the oldest from ${formatSeconds(lagSeconds)} ago`;
  if (relay === 'paused') {
    return {
      health: 'behind',
      advice: unshipped === 0 ? 'Its relay is paused.' : `Its relay is paused: ${backlog}. Resume it to ship them.`,
    };
  }
  if (held > 0) {
    return {
      health: 'behind',
      advice: `${countOf(held, 'event')} of a load are withheld until npx meridian verify has checked it.`,
    };
  }
  if (unshipped > 0 && lagSeconds > CURRENT_SECONDS) {
    return {
      health: 'behind',
      advice: `${backlog}. Ship now, or keep npx meridian relay run --region ${name} running.`,
    };
  }
  return { health: 'well', advice: '' };
}

/** A figure of a region over the states that were received, for a chart; `null` where it was not known. */
export function figuresOf(
  history: readonly unknown[],
  name: string,
  figure: 'unshipped' | 'orders' | 'onHand' | 'lagSeconds',
): readonly (number | null)[] {
  return history.map((state) => {
    const region = (state as Partial<Regions>).regions?.[name];
    return isKnown(region) ? region[figure] : null;
  });
}
