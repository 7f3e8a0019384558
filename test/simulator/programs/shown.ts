/** What programs do that a report shows. */
import type { Batch } from '../../../src/replication/transport/transport.ts';
import type { SimulatedProcess } from '../kernel/simulated-process.ts';
import type { World } from '../world.ts';

type About = Pick<Batch, 'region' | 'epoch' | 'events'>;

export function showBatch(world: World, process: string, batch: About): void {
  world.show(process, 'taken', `${rangeOf(batch)} of ${batch.region}`, dataOf(batch));
}

export function showPublished(world: World, process: SimulatedProcess, batch: About): void {
  const last = world.publishers.get(batch.region);
  if (last?.isAlive && last !== process) {
    world.effects.count('lease taken over', 'from a running relay');
  }
  world.publishers.set(batch.region, process);
  world.show(process.name, 'published', rangeOf(batch), dataOf(batch));
}

export function showDeadLetters(world: World, process: string, batch: About): void {
  world.show(process, 'dead-lettered', `events among ${rangeOf(batch)} of ${batch.region}`, dataOf(batch));
}

function rangeOf({ epoch, events }: About): string {
  return `events ${events[0]?.seq} to ${events.at(-1)?.seq} of epoch ${epoch}`;
}

function dataOf({ region, epoch, events }: About) {
  return { region, epoch, first: events[0]?.seq, last: events.at(-1)?.seq };
}
