/** How events get from a region to central: one small interface, whatever is in between. */

/** An event with its place among the others of its region and epoch. */
export interface ShippedEvent {
  readonly eventId: string;
  /** From 1, without gaps. */
  readonly seq: number;
  readonly type: string;
  readonly schemaVersion: number;
  readonly aggregate: string;
  readonly aggregateId: number;
  readonly aggregateVersion: number;
  /** The aggregate after the change, as JSON. */
  readonly payload: string;
  /** ISO 8601, UTC. */
  readonly occurredAt: string;
}

/** Events of one region and epoch, in the order of their places. */
export interface Batch {
  readonly region: string;
  readonly epoch: number;
  /** The highest place that the region has given to an event of the epoch. */
  readonly headSeq: number;
  readonly events: readonly ShippedEvent[];
}

/** How far central is with a region. */
export interface Position {
  readonly epoch: number;
  /** All events of the epoch up to this one are dealt with. */
  readonly seq: number;
  /** The highest place of the epoch that the region has told of. */
  readonly headSeq: number;
  /** The event that central knows in place `seq`; `null` at 0. */
  readonly eventId: string | null;
}

/** Deals with a batch. What it throws keeps the batch from being acknowledged, so that it comes again. */
export type BatchHandler = (batch: Batch) => Promise<void>;

export interface Transport {
  /**
   * Whether what is published has been dealt with, and not only stored. Then central can only be behind what was
   * acknowledged if it has lost something.
   */
  readonly acknowledgesApplied: boolean;
  /** Resolves when the batch cannot get lost any more; until then it is the region's to keep and to publish again. */
  publish(batch: Batch): Promise<void>;
  /** Hands every batch to `handler`, each at least once, those of a region in the order in which they were published. */
  consume(handler: BatchHandler): Promise<void>;
  /** @returns nothing for a region that central has never heard of */
  position(region: string): Promise<Position | undefined>;
  close(): Promise<void>;
}
