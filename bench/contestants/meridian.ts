/** Meridian's own command line, as a user starts it. */
import { join } from 'node:path';
import process from 'node:process';
import type { Contestant, Run } from '../contestant.ts';
import { DATABASES, databaseUrls, meridian } from '../places.ts';
import type { Step } from '../process.ts';
import { countSqlite } from '../sqlite.ts';

/** `populate` of the three files into the databases at these URLs. @param program the command line of a checkout */
export function populate({ files }: Run, env: NodeJS.ProcessEnv, program = meridian): Step {
  const args = DATABASES.flatMap((database) => [`--${database}`, files[database] as string]);
  return { command: process.execPath, args: [program, 'populate', ...args, '--quiet'], env };
}

/** @param program the command line of a checkout */
export const meridianOf = (name: string, title: string, program = meridian): Contestant => ({
  name,
  title,
  validates: true,
  isOrm: false,
  unavailable: () => undefined,
  steps: (run) => [
    populate(
      run,
      databaseUrls((database) => `sqlite:${join(run.folder, database)}.db`),
      program,
    ),
  ],
  count: countSqlite,
});

export const meridianOnSqlite = meridianOf('meridian', 'Meridian');
