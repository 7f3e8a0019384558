/** Which table a statement writes to. */

const WRITE = /^\s*(?:insert\s+(?:or\s+\w+\s+)?into|replace\s+into|update|delete\s+from)\s+["`]?(\w+)/i;
const READ = /^\s*(?:select|begin|commit|rollback|savepoint|release|pragma)\b/i;

/** @returns `undefined` for a statement that may write to any table, nothing for one that writes to none */
export function writtenTable(sql: string): string | undefined | null {
  const [, table] = WRITE.exec(sql) ?? [];
  return table?.toLowerCase() ?? (READ.test(sql) ? null : undefined);
}
