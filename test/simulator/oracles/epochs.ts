/** An epoch is dear: everything is sent again. There is at most one for each fault that may need one. */
import { ordersDatabase } from '../plan.ts';
import type { World } from '../world.ts';
import { relayState } from './oracle.ts';

export function tooManyEpochs(world: World, region: string): string[] {
  const { epoch } = relayState(world.views, ordersDatabase(region));
  const reasons = world.reasonsForEpochs(region);
  return epoch - 1 > reasons
    ? [`${region} is in epoch ${epoch}, and what has happened explains at most epoch ${reasons + 1}`]
    : [];
}
