/** The databases of a server: each is opened on first use, and stays open. */
import type { ServedDatabases } from '../config/route.ts';
import type { Database } from '../database/database.ts';
import type { DatabaseDeclaration } from '../database/declaration.ts';
import { isThere, openExisting } from '../database/open-migrated.ts';
import { monotonic } from '../shared/environment.ts';
import { suggestion } from '../shared/text/suggest.ts';
import { shown } from '../shared/text/visible.ts';
import { Problem } from './problem.ts';

/** How long the list of declarations is cached: listing them reads folders. */
const LISTED_MILLISECONDS = 1000;

export class OpenDatabases implements ServedDatabases {
  readonly #list: () => readonly DatabaseDeclaration[];
  readonly #opening = new Map<string, Promise<Database>>();
  readonly #opened = new Map<string, Database>();
  #isClosed = false;
  #listed: { readonly declarations: readonly DatabaseDeclaration[]; readonly until: number } | undefined;

  /** @param list lists the configured databases, which may change */
  constructor(list: () => readonly DatabaseDeclaration[]) {
    this.#list = list;
  }

  names(): readonly string[] {
    return this.declarations().map(({ name }) => name);
  }

  declarations(): readonly DatabaseDeclaration[] {
    const declarations = this.#list();
    this.#listed = { declarations, until: monotonic() + LISTED_MILLISECONDS };
    return declarations;
  }

  /** @throws Problem 404 for a name that no database has */
  declarationOf(name: string): DatabaseDeclaration {
    const isCalled = (one: DatabaseDeclaration) => one.name === name;
    const found = this.#recentlyListed().find(isCalled) ?? this.declarations().find(isCalled);
    if (found === undefined) {
      throw new Problem(404, 'unknown', `There is no database "${shown(name)}". ${suggestion(name, this.names())}`);
    }
    return found;
  }

  #recentlyListed(): readonly DatabaseDeclaration[] {
    return this.#listed !== undefined && monotonic() < this.#listed.until ? this.#listed.declarations : [];
  }

  open(name: string): Promise<Database> {
    let opening = this.#opening.get(name);
    if (opening === undefined) {
      opening = this.#open(this.declarationOf(name));
      this.#opening.set(name, opening);
      opening.then(
        (database) => this.#opened.set(name, database),
        // the next request retries
        () => this.#opening.delete(name),
      );
    }
    return opening;
  }

  /** The database, if it is open already. */
  opened(name: string): Database | undefined {
    return this.#opened.get(name);
  }

  /** Opens a database; `undefined` for one that does not exist, which has no rows. */
  async openIfThere(name: string): Promise<Database | undefined> {
    try {
      return await this.open(name);
    } catch (error) {
      if (!(await isThere(this.declarationOf(name)))) {
        return undefined;
      }
      throw error;
    }
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    const opened = await Promise.allSettled(this.#opening.values());
    await Promise.all(opened.map((one) => (one.status === 'fulfilled' ? one.value.close() : undefined)));
  }

  async #open(declaration: DatabaseDeclaration): Promise<Database> {
    if (this.#isClosed) {
      throw new Problem(503, 'database', 'The server is stopping.');
    }
    const database = await openExisting(declaration);
    // a statement that waits for another process must not block all requests
    await database.engine.neverBlock(database.fork());
    return database;
  }
}
