/** Reads what waits for the document store. */
import { type Database, isIdentityError, isThere } from '../../databases.ts';
import { messageOf } from '../../index.ts';
import { central } from '../catalog.ts';
import { openCentral } from '../central/reports/open.ts';
import { waitingForStore } from './feed.ts';
import { openProducts } from './products.ts';

export interface Waiting {
  readonly documents: number;
  /** Of those, the ones that the store does not take. */
  readonly refused: number;
  readonly componentLists: number;
  /** Why not all of it is known. */
  readonly unknown: readonly string[];
}

/** Nothing is made by looking. @throws MeridianError `identity` when one of them is another's database */
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
