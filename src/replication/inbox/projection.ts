/** What central makes of events. The inbox takes each event once; the owner of central's tables passes in what becomes of it. */
import type { Database, EntityManager } from '../../database/database.ts';
import type { Batch, ShippedEvent } from '../transport/transport.ts';

/** Where an event comes from. */
export type Origin = Pick<Batch, 'region' | 'epoch'>;

/** What becomes of the events that a central database receives. */
export interface Projection<Content> {
  /** @throws UnreadableError with the reason, for people */
  read(origin: Origin, event: ShippedEvent): Content;
  /** Writes what events of a region say, in the transaction of `em`: of what they say of one thing, the newest stays. */
  write(central: Database, em: EntityManager, region: string, contents: readonly Content[]): Promise<void>;
}

/** A central database, and what becomes of the events in it. */
export interface ProjectedDatabase<Content> {
  /** Open, at its newest schema. */
  readonly central: Database;
  readonly projection: Projection<Content>;
}
