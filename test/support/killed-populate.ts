/** Run as a process of its own: populates the databases in a folder and kills itself before references are checked. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { catalog } from '../../src/databases/catalog.ts';
import { populate } from '../../src/populate/populate.ts';
import { sourceOf } from './sources.ts';

const [folder = '', recordsFile = ''] = process.argv.slice(2);
const records: Record<string, unknown[]> = JSON.parse(readFileSync(recordsFile, 'utf8'));
const open = new Set(Object.keys(records));

await populate({
  catalog,
  sources: Object.fromEntries(Object.entries(records).map(([name, all]) => [name, sourceOf(all)])),
  onConflict: 'update',
  batchRecords: 2,
  databaseOptions: (name) => ({ location: { engine: 'sqlite', file: join(folder, `${name}.db`) } }),
  listener: {
    loaded(database) {
      open.delete(database);
      if (open.size === 0) {
        process.kill(process.pid, 'SIGKILL');
      }
    },
  },
});
