/** A folder that commands run in, with databases in the default place. */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { type CommandOptions, type CommandResult, meridian } from './command.ts';
import { type Place, sqlitePlace } from './engines.ts';
import { makeFolder } from './folder.ts';

export interface Workspace {
  readonly cwd: string;
  readonly place: Place;
  /** `meridian <args>` in that folder. */
  run(args: readonly string[], options?: Omit<CommandOptions, 'cwd'>): Promise<CommandResult>;
}

export function workspace(): Workspace {
  const cwd = makeFolder();
  mkdirSync(join(cwd, 'databases'));
  return {
    cwd,
    place: sqlitePlace(join(cwd, 'databases')),
    run: (args, options = {}) => meridian(args, { cwd, ...options }),
  };
}
