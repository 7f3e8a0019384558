/** Warns of columns that --map names and no record has, and of columns that match no property. */
import type { PopulateListener } from '../options.ts';
import type { Columns } from './columns.ts';

export function warnOfColumns(
  database: string,
  source: string,
  columns: Pick<Columns, 'ignoredBeside' | 'unmet'>,
  used: readonly string[] | undefined,
  listener: PopulateListener | undefined,
): void {
  for (const column of columns.unmet) {
    listener?.warned?.(database, `${source}: no record has a column "${column}", which --map names.`);
  }
  const ignored = columns.ignoredBeside(used ?? []);
  if (ignored.length > 0) {
    const [noun, they] = ignored.length === 1 ? ['column', 'it is'] : ['columns', 'they are'];
    listener?.warned?.(database, `${source}: no property takes the ${noun} ${ignored.join(', ')}; ${they} ignored.`);
  }
}
