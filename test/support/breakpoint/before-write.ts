/** Stops a command before its first transaction in a database that is migrated already. */
import { Table } from '../../../src/database/table.ts';
import { stop } from './stop.ts';

const { write } = Table.prototype;

Table.prototype.write = function (this: Table, ...given: Parameters<typeof write>) {
  stop();
  return write.apply(this, given);
} as typeof write;
