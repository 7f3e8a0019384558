/** Stops a command before its first transaction in a database that is migrated already. */
import { Database } from '../../../src/database/database.ts';
import { stop } from './stop.ts';

const { write } = Database.prototype;

Database.prototype.write = function (this: Database, ...given: Parameters<typeof write>) {
  stop();
  return write.apply(this, given);
} as typeof write;
