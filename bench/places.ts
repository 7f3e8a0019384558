/** Where things are, and how the programs of the project are started. */
import { dirname, join } from 'node:path';
import process from 'node:process';

export const bench = import.meta.dirname;
export const root = dirname(bench);

/** Everything that is made and not kept: files to load, schemas, databases of a run. */
export const data = join(bench, '.data');

/** Whatever is in here is of a run that goes on, or of one that was killed. */
export const runs = join(data, 'runs');

/** The databases, in the order in which tools that take one file at a time get them. */
export const DATABASES = ['users', 'products', 'orders'] as const;

export const meridian = join(root, 'bin', 'meridian.js');

/** The environment without what npm and the user's own databases put in; it is the same for every contestant. */
export function cleanEnvironment(): NodeJS.ProcessEnv {
  const kept = Object.entries(process.env).filter(([name]) => !/^npm_|_DATABASE_URL|^NODE_OPTIONS$/i.test(name));
  // what Node compiles of the programs' sources is kept for all of them
  return { ...Object.fromEntries(kept), NODE_COMPILE_CACHE: join(data, 'compiled'), NODE_NO_WARNINGS: '1' };
}

/** `of('users')` -> the URL of that database; for the environment of Meridian. */
export function databaseUrls(of: (database: string) => string): NodeJS.ProcessEnv {
  return Object.fromEntries(DATABASES.map((name) => [`${name.toUpperCase()}_DATABASE_URL`, of(name)]));
}
