/** Run as a process of its own: populates the databases in a folder and kills itself before references are checked. */
import { readFileSync } from 'node:fs';
import process from 'node:process';
import { populateIn } from './databases.ts';
import { sourceOf } from './sources.ts';

const [folder = '', recordsFile = ''] = process.argv.slice(2);
const records: Record<string, unknown[]> = JSON.parse(readFileSync(recordsFile, 'utf8'));
const open = new Set(Object.keys(records));

await populateIn(folder, {
  sources: Object.fromEntries(Object.entries(records).map(([name, all]) => [name, sourceOf(all)])),
  onConflict: 'update',
  batchRecords: 2,
  listener: {
    loaded(database) {
      open.delete(database);
      if (open.size === 0) {
        process.kill(process.pid, 'SIGKILL');
      }
    },
  },
});
