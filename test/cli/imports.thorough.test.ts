/** What is imported before a command runs: nothing that only the command, or another one, needs. */
import { spawnSync } from 'node:child_process';
import { symlinkSync } from 'node:fs';
import { join, relative } from 'node:path';
import process from 'node:process';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { describe, expect, test } from '@jest/globals';
import { ownBundles } from '../../src/shared/bundled-packages.ts';
import { buildRoot, projectRoot } from '../../src/shared/project.ts';
import { makeFolder, writeIn } from '../support/folder.ts';

/** One line to stderr for each module that is imported, and for each module whose relative import Node resolves. */
const HOOKS = `import { registerHooks } from 'node:module';
  registerHooks({
    resolve(specifier, context, next) {
      if (specifier.startsWith('.')) console.error('resolved for ' + context.parentURL);
      return next(specifier, context);
    },
    load(url, context, next) {
      if (url.startsWith('file:')) console.error('imported ' + url);
      return next(url, context);
    },
  });`;

const inBundles = new Map(ownBundles().map(({ file, modules }) => [`packages/meridian/${file}`, modules]));

/** The modules of the build that are imported, from its root, those in bundles as well, and the packages. */
function importedBy(...command: Parameters<typeof outputOf>): string[] {
  return filesImportedBy(...command).flatMap((path) => inBundles.get(path) ?? path);
}

/** The same with bundles instead of the modules in them. */
function filesImportedBy(...command: Parameters<typeof outputOf>): string[] {
  return pathsIn(outputOf(...command), /^imported (\S+)$/gm);
}

/** What a command with the hooks writes to stderr. */
function outputOf(args: readonly string[], cwd = projectRoot, env = process.env): string {
  const hooks = `--import=data:text/javascript,${encodeURIComponent(HOOKS)}`;
  return spawnSync(process.execPath, [hooks, ...args], { cwd, env, encoding: 'utf8' }).stderr;
}

function pathsIn(output: string, lines: RegExp): string[] {
  return [...output.matchAll(lines)].map(([, url = '']) => {
    const path = fileURLToPath(url);
    return path.includes('node_modules') ? relative(projectRoot, path) : relative(buildRoot, path);
  });
}

const bin = join(projectRoot, 'bin', 'meridian.js');
const declarations = pathToFileURL(join(buildRoot, 'src', 'config', 'declarations.js')).href;
const ofThread = `${declarations}?config=${encodeURIComponent(join(projectRoot, 'meridian.config.ts'))}`;

/** Neither the commands nor what they print with. */
const OF_COMMANDS =
  /^src\/(?:cli\/commands\/|cli\/output\/table|populate\/(?:populate|threads|write)|shop\/cli\/\w+\.command)/;
const PACKAGES = /^node_modules\/(?:pino|cli-table3|papaparse|@inquirer|@nats-io|mongodb)\//;

describe.each([
  ['the help', [bin, '--help']],
  ['a thread of a load', ['--input-type=module', '--eval', `await import(${JSON.stringify(ofThread)})`]],
])('%s', (_, args) => {
  const imported = importedBy(args);

  test('knows the databases of the config', () => {
    expect(imported).toContain('src/shop/cli/shop.module.js');
  });

  test('imports no command, and nothing that only commands need', () => {
    expect(imported.filter((path) => OF_COMMANDS.test(path) || PACKAGES.test(path))).toEqual([]);
  });
});

test('a thread of a load imports nothing of the command line but questions about a project', () => {
  const imported = importedBy(['--input-type=module', '--eval', `await import(${JSON.stringify(ofThread)})`]);
  expect(imported.filter((path) => path.startsWith('src/cli/'))).toEqual(['src/cli/project.js']);
});

test('a command imports itself and no other one', () => {
  const imported = importedBy([bin, 'help', 'runs']);
  expect(imported.filter((path) => path.startsWith('src/cli/commands/'))).toEqual(['src/cli/commands/runs.command.js']);
});

test('a command that meets no PostgreSQL database imports no engine of it', () => {
  const imported = importedBy([bin, 'runs', 'users']);
  expect(imported).toContain('src/database/sqlite/engine.js');
  expect(imported.filter((path) => /^node_modules\/(?:pg|@mikro-orm\/postgresql)\//.test(path))).toEqual([]);
  expect(imported).not.toContain('src/database/postgresql/engine.js');
});

test('a load of CSV files imports nothing that reads archives, nor bars where there is no terminal', () => {
  const imported = importedBy([bin, 'populate'], makeFolder());
  expect(imported).toContain('src/populate/read/csv.js');
  expect(imported.filter((path) => /^node_modules\/(?:yauzl|cli-progress)\//.test(path))).toEqual([]);
});

/** Where the packages are found. */
function projectFolder(): string {
  const folder = makeFolder();
  symlinkSync(join(projectRoot, 'node_modules'), join(folder, 'node_modules'));
  return folder;
}

/** Their modules are in bundles. */
const BUNDLED =
  /^node_modules\/(?:@mikro-orm\/(?:core|sql|decorators)|kysely|class-validator|validator|libphonenumber-js)\//;

test('a command imports the bundles of packages and none of their modules', () => {
  const imported = importedBy([bin, 'runs', 'users']);
  expect(imported).toEqual(
    expect.arrayContaining([
      'packages/@mikro-orm/core/index.js',
      'packages/class-validator/cjs/index.js',
      'packages/kysely/dist/index.js',
    ]),
  );
  expect(imported.filter((path) => BUNDLED.test(path))).toEqual([]);
});

/** Those that see to it that others are imported from bundles, and the one that finds its config in its own URL. */
const UNBUNDLED = [
  'src/cli/main.js',
  'src/config/declarations.js',
  'src/shared/bundled-packages.js',
  'src/shared/find-package.js',
  'src/shared/project.js',
];

const unbundledIn = (files: readonly string[]) => [...new Set(files)].filter((path) => path.startsWith('src/')).sort();

test("a command imports Meridian's own modules from bundles: there would be two of each class", () => {
  expect(unbundledIn(filesImportedBy([bin, 'populate'], makeFolder()))).toEqual(UNBUNDLED);
});

test('a command with --verbose imports the modules themselves, which its stack traces name', () => {
  const imported = filesImportedBy([bin, 'runs', 'users', '--verbose']);
  expect(imported).toContain('src/database/sqlite/engine.js');
  expect(imported.filter((path) => inBundles.has(path))).toEqual([]);
});

test('modules of the build find each other without Node, but for those that see to that', () => {
  const output = outputOf([bin, 'runs', 'users']);
  const importers = pathsIn(output, /^resolved for (\S+)$/gm).filter((path) => !/^(?:\.\.|node_modules)\//.test(path));
  expect([...new Set(importers)]).toEqual(['src/cli/main.js', 'src/shared/bundled-packages.js']);
});

test.each([
  ['--import', 'preloaded.mjs', "import '@mikro-orm/core';"],
  ['--require', 'preloaded.cjs', "require('class-validator');"],
])('a command with %s imports no bundles: there would be two of each class', (option, name, text) => {
  const module = writeIn(projectFolder(), name, text);
  const imported = importedBy([bin, 'runs', 'users'], projectRoot, {
    ...process.env,
    NODE_OPTIONS: `${option}=${option === '--import' ? pathToFileURL(module).href : module}`,
  });
  expect(imported.filter((path) => path.startsWith('packages/'))).toEqual([]);
  expect(imported.some((path) => BUNDLED.test(path))).toBe(true);
});

test('the thread of a load imports the bundles as well', () => {
  const folder = makeFolder();
  const users = Array.from(
    { length: 200_000 },
    (_, index) => `${index + 1},Ada Lovelace,ada${index}@example.com\n`,
  ).join('');
  const files = [
    ['--users', writeIn(folder, 'users.csv', `id,name,email\n${users}`)],
    ['--products', writeIn(folder, 'products.csv', 'id,name,price\n1,Desk,10.00\n')],
  ].flat();
  const imported = filesImportedBy([bin, 'populate', ...files, '--quiet'], folder);
  // once by the command, and by the thread of the users
  expect(imported.filter((path) => path === 'packages/@mikro-orm/core/index.js')).toHaveLength(2);
  expect(imported.filter((path) => BUNDLED.test(path))).toEqual([]);
  expect(unbundledIn(imported)).toEqual([...UNBUNDLED, 'src/populate/threads/load.worker.js'].sort());
});
