/** Files for the database of parcels whose rows refer to later ones, to others that are reverted, and to none. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileSource } from '../../../src/populate/read/file.ts';
import type { Source } from '../../../src/populate/read/source.ts';
import { uuid } from './parcels.ts';

const FILES = {
  depot: [
    'id,name,main,ownerId',
    '1,One,3,',
    '2,Two,,9',
    '3,Three,7,1',
    '4,Four,5,',
    '5,Five,2,',
    '6,Six,99,',
    '7,Seven,1,',
    '8,Eight,,',
  ],
  parcel: [
    'id,depot_id,twin_id',
    `${uuid(1)},1,${uuid(4)}`,
    `${uuid(2)},4,`,
    `${uuid(3)},8,${uuid(2)}`,
    `${uuid(4)},3,`,
    `${uuid(5)},77,`,
    `${uuid(6)},8,${uuid(9)}`,
    `${uuid(7)},8,`,
  ],
  scan: ['parcel,number,place', ...[1, 2, 3, 4, 7].map((id) => `${uuid(id)},1,Dock`)],
  note: ['id,scan_parcel_id,scan_number', ...[1, 2, 3, 4, 7].map((id) => `${id},${uuid(id)},1`)],
};

/** What is left of each table, and how many records of it are rejected. */
export const LEFT = {
  depot: { ids: [1, 3, 7, 8], rejected: 4 },
  parcel: { ids: [uuid(1), uuid(4), uuid(7)], rejected: 4 },
  scan: { ids: [uuid(1), uuid(4), uuid(7)], rejected: 2 },
  note: { ids: [1, 4, 7], rejected: 2 },
} as const;

/** @returns the sources of a populate, by the names of their tables */
export function parcelFiles(folder: string): Record<string, Source> {
  return Object.fromEntries(
    Object.entries(FILES).map(([entity, lines]) => {
      const file = join(folder, `${entity}.csv`);
      writeFileSync(file, `${lines.join('\n')}\n`);
      return [`parcels.${entity}`, fileSource(file)];
    }),
  );
}
