/** The regions and the central database of the demo, in separate databases. */
import { join } from 'node:path';
import { sql } from 'kysely';
import { type Database, type DatabaseDeclaration, type DatabaseOptions, openMigrated } from '../../databases.ts';
import { drain, inProcessTransport, type RelaySettings, type Transport } from '../../replication/index.ts';
import { central } from '../catalog.ts';
import { applyBatch } from '../central/apply.ts';
import { inboxOf } from '../central/inbox.ts';
import { type Comparison, compare } from '../compare/compare.ts';
import { type RegionStatus, regionStatus } from '../regions/status.ts';
import type { OrderRequest } from '../trading/order-request.ts';
import { placeOrder } from '../trading/place-order.ts';
import type { OrderOutcome } from '../trading/placed-order.ts';
import { openRegion, type Region } from '../trading/region.ts';
import { regionSnapshots } from '../trading/snapshot.ts';

export const REGIONS = ['boston', 'seattle', 'denver'] as const;
export type RegionName = (typeof REGIONS)[number];

export interface WorldOptions {
  /** The folder for files and SQLite databases. */
  readonly folder: string;
  /** The options of a database, by its name. */
  readonly databaseOptions: (name: string) => DatabaseOptions;
}

interface Shipment {
  readonly events: number;
  readonly isPaused: boolean;
}

export class World {
  readonly folder: string;
  readonly databaseOptions: WorldOptions['databaseOptions'];
  readonly #regions = new Map<RegionName, Region>();
  #central: Promise<Database> | undefined;

  private constructor({ folder, databaseOptions }: WorldOptions) {
    this.folder = folder;
    this.databaseOptions = databaseOptions;
  }

  static async open(options: WorldOptions): Promise<World> {
    const world = new World(options);
    try {
      for (const name of REGIONS) {
        await world.#openRegion(name, options.databaseOptions);
      }
      return world;
    } catch (error) {
      await world.close();
      throw error;
    }
  }

  region(name: RegionName): Region {
    return this.#regions.get(name) as Region;
  }

  status(name: RegionName): Promise<RegionStatus> {
    return regionStatus(this.region(name).database);
  }

  place(name: RegionName, order: OrderRequest): Promise<OrderOutcome> {
    return placeOrder(this.region(name), order);
  }

  /** Cuts the region off from the users and products databases, or reconnects it. */
  async cutOff(name: RegionName, isCutOff: boolean): Promise<void> {
    const own = this.region(name).database.name;
    const nowhere = join(this.folder, 'out-of-reach', 'none.db');
    await this.region(name).close();
    await this.#openRegion(name, (database) =>
      isCutOff && database !== own ? { location: { engine: 'sqlite', file: nowhere } } : this.databaseOptions(database),
    );
  }

  /** Opens a database, for the caller to close. */
  open(declaration: DatabaseDeclaration, options = this.databaseOptions(declaration.name)): Promise<Database> {
    return openMigrated(declaration, undefined, options);
  }

  central(): Promise<Database> {
    this.#central ??= this.open(central);
    return this.#central;
  }

  /** Closes central, as if its process had ended; {@link central} opens it again. */
  async stopCentral(): Promise<void> {
    const stopped = this.#central;
    this.#central = undefined;
    await (await stopped)?.close();
  }

  /** A transport to central within this process. */
  async transport(
    handler: Parameters<Transport['consume']>[0] = async (batch) => applyBatch(await this.central(), batch),
  ): Promise<Transport> {
    const transport = inProcessTransport(async (region) => inboxOf(await this.central()).position(region));
    await transport.consume(handler);
    return transport;
  }

  /** Ships all events of the region. @returns the number of events, and whether the relay is paused */
  async ship(name: RegionName, transport: Transport, settings: Partial<RelaySettings> = {}): Promise<Shipment> {
    let events = 0;
    const { paused } = await drain({
      database: this.region(name).database,
      transport,
      snapshots: regionSnapshots,
      signal: new AbortController().signal,
      settings,
      listener: {
        shipped(count) {
          events += count;
        },
      },
    });
    return { events, isPaused: paused };
  }

  /** Ships all events of all regions. @returns the shipments by region */
  async sync(): Promise<Record<RegionName, Shipment>> {
    const transport = await this.transport();
    const shipments: Partial<Record<RegionName, Shipment>> = {};
    for (const name of REGIONS) {
      shipments[name] = await this.ship(name, transport);
    }
    return shipments as Record<RegionName, Shipment>;
  }

  async compare(name: RegionName): Promise<Comparison> {
    return compare(await this.central(), this.region(name).database);
  }

  /** Counts the rows of a region in a table of central. */
  async countInCentral(table: 'inbox_event' | 'order_fact', name: RegionName): Promise<number> {
    const { rows } = await sql<{ count: number | string }>`
      select count(*) as count from ${sql.table(table)} where region = ${name}`.execute(
      (await this.central()).fork().getKysely(),
    );
    return Number(rows[0]?.count);
  }

  async close(): Promise<void> {
    await Promise.allSettled([...[...this.#regions.values()].map((region) => region.close()), this.stopCentral()]);
  }

  async #openRegion(name: RegionName, databaseOptions: WorldOptions['databaseOptions']): Promise<void> {
    this.#regions.set(name, await openRegion(name, { databaseOptions }));
  }
}
