/** Projections: the inbox applies each event once, through a projection that the owner of central's tables provides. */
import type { Database, EntityManager } from '../../database/database.ts';
import type { Batch, ShippedEvent } from '../transport/transport.ts';

/** The source of an event. */
export type Origin = Pick<Batch, 'region' | 'epoch'>;

/** Applies the events that a central database receives. */
export interface Projection<Content> {
  /** @throws UnreadableError with the reason, for people */
  read(origin: Origin, event: ShippedEvent): Content;
  /** Writes the contents of events of a region, in the transaction of `em`. For each aggregate, the newest content must win. */
  write(central: Database, em: EntityManager, region: string, contents: readonly Content[]): Promise<void>;
}

/** A central database with its projection. */
export interface ProjectedDatabase<Content> {
  /** Open, without pending migrations. */
  readonly central: Database;
  readonly projection: Projection<Content>;
}
