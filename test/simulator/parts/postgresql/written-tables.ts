/** Which tables a statement of PostgreSQL writes to, and whether it has committed. */
import type { Answer } from './clients.ts';

const WRITE = /^\s*(?:insert\s+into|update|delete\s+from)\s+(?:"?\w+"?\.)?"?(\w+)/i;
/** `select … for update` writes to none. */
const READ = /^\s*(?:select|begin|start|commit|rollback|savepoint|release|set|show|lock)\b/i;

/** @returns with the tables of the statement; nothing where it may have written to any */
export function changedTables(tables: ReadonlySet<string> | undefined, sql: string): Set<string> | undefined {
  const [, table] = WRITE.exec(sql) ?? [];
  if (table !== undefined) {
    return tables && new Set([...tables, table.toLowerCase()]);
  }
  return READ.test(sql) ? tables && new Set(tables) : undefined;
}

/** Whether what was written is committed, where no transaction is open after the statement. */
export function isCommitted({ command, rowCount }: Answer, wasInTransaction: boolean): boolean {
  return wasInTransaction ? command === 'COMMIT' : command !== 'SELECT' && command !== 'SET' && rowCount !== 0;
}
