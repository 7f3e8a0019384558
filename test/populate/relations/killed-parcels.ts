/**
 * Run as a process of its own: loads parcels and kills itself when it looks for the n-th time whether it is interrupted:
 * `node dist/test/populate/relations/killed-parcels.js <folder with the files> <migrations of the parcels> <n>`
 * The URLs of the databases are in the environment.
 */
import process from 'node:process';
import { withLoads } from '../../../src/loads/own-tables.ts';
import { populate } from '../../../src/populate/populate.ts';
import { catalog } from '../../../src/shop/catalog.ts';
import { parcelFiles } from './parcel-files.ts';
import { ownedParcels } from './parcels.ts';

const [folder = '', migrationsDirectory = '', last = ''] = process.argv.slice(2);
let looks = 0;
const signal = new Proxy(new AbortController().signal, {
  get(target, name) {
    if (name === 'aborted' && ++looks === Number(last)) {
      process.kill(process.pid, 'SIGKILL');
    }
    const value: unknown = Reflect.get(target, name, target);
    return typeof value === 'function' ? value.bind(target) : value;
  },
});

await populate({
  catalog: [...catalog, withLoads(ownedParcels)],
  sources: parcelFiles(folder),
  databaseOptions: (name) => (name === 'parcels' ? { migrationsDirectory } : {}),
  batchRecords: 2,
  signal,
});
