/** The regions and the central database of the demo, in databases of their own. */
import { join } from 'node:path';
import { sql } from 'kysely';
import type { Database, DatabaseOptions } from '../../database/database.ts';
import { openMigrated } from '../../database/open-migrated.ts';
import { positionOf } from '../../replication/inbox/cursor.ts';
import { drain } from '../../replication/relay/drain.ts';
import type { RelaySettings } from '../../replication/relay/settings.ts';
import { inProcessTransport } from '../../replication/transport/in-process.ts';
import type { BatchHandler, Transport } from '../../replication/transport/transport.ts';
import { central as centralDeclaration } from '../catalog.ts';
import { applyBatch } from '../central/apply.ts';
import { type Comparison, compare } from '../compare/compare.ts';
import { openRegion, type Region } from '../trading/region.ts';
import { regionSnapshots } from '../trading/snapshot.ts';

export const REGIONS = ['boston', 'seattle', 'denver'] as const;
type RegionName = (typeof REGIONS)[number];

export interface WorldOptions {
  /** For files and SQLite databases. */
  readonly folder: string;
  /** The options of a database, by its name. */
  readonly databaseOptions: (name: string) => DatabaseOptions;
}

export interface World extends WorldOptions {
  region(name: RegionName): Region;
  /** Cuts the region off from the users and products databases, or reconnects it. */
  cutOff(name: RegionName, isCutOff: boolean): Promise<void>;
  central(): Promise<Database>;
  /** Closes central, as if its process had ended; {@link central} opens it again. */
  stopCentral(): Promise<void>;
  /** A transport to central within this process. */
  transport(handler?: BatchHandler): Promise<Transport>;
  /** Ships all events of the region. @returns the number of events, and whether the relay is paused */
  ship(name: RegionName, transport: Transport, settings?: Partial<RelaySettings>): Promise<Shipment>;
  /** Ships all events of all regions. @returns the shipments by region */
  sync(): Promise<Record<RegionName, Shipment>>;
  compare(name: RegionName): Promise<Comparison>;
  /** Counts the rows of a region in a table of central. */
  countInCentral(table: CentralTable, name: RegionName): Promise<number>;
  close(): Promise<void>;
}

interface Shipment {
  readonly events: number;
  readonly isPaused: boolean;
}

type CentralTable = 'inbox_event' | 'order_fact' | 'stock_fact';

export async function openWorld(options: WorldOptions): Promise<World> {
  const { folder, databaseOptions } = options;
  const regions = new Map<RegionName, Region>();
  let central: Promise<Database> | undefined;

  // a location without a database
  const nowhere = (name: string): DatabaseOptions => ({
    location: { engine: 'sqlite', file: join(folder, 'out-of-reach', `${name}.db`) },
  });
  const open = async (name: RegionName, isCutOff = false) => {
    const region = await openRegion(name, {
      databaseOptions: (database) =>
        isCutOff && !database.includes('.') ? nowhere(database) : databaseOptions(database),
    });
    regions.set(name, region);
  };
  const world: World = {
    ...options,
    region(name) {
      return regions.get(name) as Region;
    },
    async cutOff(name, isCutOff) {
      await world.region(name).close();
      await open(name, isCutOff);
    },
    central() {
      central ??= openMigrated(centralDeclaration, undefined, databaseOptions(centralDeclaration.name));
      return central;
    },
    async stopCentral() {
      const stopped = central;
      central = undefined;
      await (await stopped)?.close();
    },
    async transport(handler: BatchHandler = async (batch) => applyBatch(await world.central(), batch)) {
      const transport = inProcessTransport(async (region) => positionOf(await world.central(), region));
      await transport.consume(handler);
      return transport;
    },
    async ship(name, transport, settings = {}) {
      let events = 0;
      const { paused } = await drain({
        database: world.region(name).database,
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
    },
    async sync() {
      const transport = await world.transport();
      const shipments: Partial<Record<RegionName, Shipment>> = {};
      for (const name of REGIONS) {
        shipments[name] = await world.ship(name, transport);
      }
      return shipments as Record<RegionName, Shipment>;
    },
    async compare(name) {
      return compare(await world.central(), world.region(name).database);
    },
    async countInCentral(table, name) {
      const { rows } = await sql<{ count: number | string }>`
        select count(*) as count from ${sql.table(table)} where region = ${name}`.execute(
        (await world.central()).fork().getKysely(),
      );
      return Number(rows[0]?.count);
    },
    async close() {
      await Promise.allSettled([...[...regions.values()].map((region) => region.close()), world.stopCentral()]);
    },
  };
  try {
    for (const name of REGIONS) {
      await open(name);
    }
    return world;
  } catch (error) {
    await world.close();
    throw error;
  }
}
