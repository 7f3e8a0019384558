/** Whether there is a server that speaks MongoDB's protocol: MongoDB's own, or FerretDB with its SQLite backend. */
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import process from 'node:process';
import { describe, test } from '@jest/globals';

/** MongoDB's own is preferred. */
const PROGRAMS = ['mongod', 'ferretdb'] as const;

export interface MongodbProgram {
  readonly name: (typeof PROGRAMS)[number];
  readonly path: string;
}

/** The first of them that is on the PATH. */
export function mongodbProgram(): MongodbProgram | undefined {
  for (const name of PROGRAMS) {
    for (const directory of (process.env['PATH'] ?? '').split(delimiter).filter((one) => one !== '')) {
      const path = join(directory, name);
      try {
        accessSync(path, constants.X_OK);
        return { name, path };
      } catch {
        // not in this one
      }
    }
  }
  return undefined;
}

const REASON = `no ${PROGRAMS.join(' or ')} is on the PATH`;

/** For suites that need the server: skipped, and the run says why, where there is none; in CI they fail instead. */
export function describeWithMongodb(name: string, define: () => void): void {
  if (mongodbProgram() !== undefined) {
    describe(name, define);
  } else if (process.env['CI']) {
    test(name, () => {
      throw new Error(`Tests of MongoDB cannot run: ${REASON}.`);
    });
  } else {
    process.stderr.write(`Tests of MongoDB are skipped: ${REASON}.\n`);
    describe.skip(`${name} (${REASON})`, define);
  }
}
