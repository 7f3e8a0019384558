/** A contestant that is a program in this folder. */
import { dirname, join } from 'node:path';
import process from 'node:process';
import type { Contestant } from '../contestant.ts';
import { countSqlite } from '../sqlite.ts';

export function peer(name: string, title: string, { isOrm }: { isOrm: boolean }): Contestant {
  return {
    name,
    title,
    validates: isOrm,
    isOrm,
    unavailable: () => undefined,
    steps: ({ files, schemas }) => [
      {
        command: process.execPath,
        args: [
          join(import.meta.dirname, `${name}.ts`),
          dirname(files['users'] as string),
          dirname(schemas['users'] as string),
        ],
      },
    ],
    count: countSqlite,
  };
}
