/** Reads the backlog of the document store. */
import { type Database, isIdentityError, isThere } from '../../databases.ts';
import { messageOf } from '../../index.ts';
import { central } from '../catalog.ts';
import { openCentral } from '../central/reports/open.ts';
import { waitingForStore } from './feed.ts';
import { openProducts } from './products.ts';

export interface Waiting {
  readonly documents: number;
  /** Waiting documents that the store has refused. */
  readonly refused: number;
  readonly componentLists: number;
  /** Reasons why parts of the backlog are unknown. */
  readonly unknown: readonly string[];
}

/** Reads the backlog without creating a database. @throws MeridianError `identity` if a database belongs to another name */
export async function readBacklog(): Promise<Waiting> {
  const unknown: string[] = [];
  const look = async <T>(open: () => Promise<Database | undefined>, ask: (database: Database) => Promise<T>) => {
    let database: Database | undefined;
    try {
      database = await open();
      return database && (await ask(database));
    } catch (error) {
      if (isIdentityError(error)) {
        throw error;
      }
      unknown.push(messageOf(database?.explain(error) ?? error));
      return undefined;
    } finally {
      await database?.close();
    }
  };
  const inCentral = await look(
    async () => ((await isThere(central)) ? openCentral() : undefined),
    (database) => waitingForStore(database, undefined),
  );
  const inProducts = await look(openProducts, (database) => waitingForStore(undefined, database));
  return {
    documents: inCentral?.documents ?? 0,
    refused: inCentral?.refused ?? 0,
    componentLists: inProducts?.componentLists ?? 0,
    unknown,
  };
}
