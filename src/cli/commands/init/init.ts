/** Initializes a project in a folder: a config for the existing MikroORM configs, or an example. */
import { globSync } from 'node:fs';
import { basename, join } from 'node:path';
import process from 'node:process';
import { CONFIG_FILES } from '../../../config/find.ts';
import type { Questions } from '../../../config/menu-entry.ts';
import type { Project } from '../../../config/module.ts';
import { loadProject } from '../../../config/project.ts';
import { projectTypeScript } from '../../../config/tsconfig.ts';
import { urlVariable } from '../../../database/location.ts';
import { mikroOrmOptions } from '../../../database/options.ts';
import { MeridianError } from '../../../shared/errors.ts';
import { findPackage } from '../../../shared/find-package.ts';
import { configText } from './config-text.ts';
import { type Example, exampleFiles } from './examples.ts';
import { findDatabases, toName } from './orm-configs.ts';
import { completePackage, readPackage } from './package-file.ts';
import { type PlannedDatabase, planDatabases } from './plan.ts';
import { ProjectFiles } from './project-files.ts';
import { writeSamples } from './samples.ts';

export interface InitOptions {
  readonly folder?: string;
  readonly example?: Example;
  /** Asks what cannot be read from the project (default: the defaults are used). */
  readonly questions?: Questions;
}

export interface InitResult {
  /** Relative paths of the written files, in the order in which they were written. */
  readonly written: readonly string[];
  /** Existing files, which were not changed. */
  readonly kept: readonly string[];
  /** Notes about omissions and guesses. */
  readonly notes: readonly string[];
  /** The commands to run next. */
  readonly next: readonly string[];
}

/** Initializes a project without overwriting any file. @throws MeridianError `usage` for a MikroORM config that cannot be read */
export async function init({ folder = process.cwd(), example, questions }: InitOptions): Promise<InitResult> {
  const files = new ProjectFiles(folder);
  const notes: string[] = [];
  const isModule = (readPackage(files) ?? { type: 'module' }).type === 'module';
  const there = CONFIG_FILES.find((name) => files.has(name));
  let dependencies: Readonly<Record<string, string>> = {};
  let config: string | undefined = there;
  if (there !== undefined) {
    files.kept.push(there);
  } else {
    const planned = example === undefined ? await plan(folder, questions) : [];
    const chosen = example ?? (planned.length === 0 ? await chooseExample(questions) : undefined);
    if (chosen === undefined) {
      config = writeConfig(planned, files, isModule, notes);
    } else {
      const written = exampleFiles(chosen, isModule);
      dependencies = written.dependencies;
      for (const [path, text] of Object.entries(written.files)) {
        files.write(path, text);
      }
      config = Object.keys(written.files).find((path) => path.startsWith('meridian.config.'));
    }
  }
  const completed = completePackage(files, dependencies);
  const isInstalled = findPackage('meridian', folder) !== undefined;
  if (!isInstalled) {
    notes.push('Meridian is not among the packages of this folder. Install it before the next commands.');
  }
  const isReady = isInstalled && completed.dependencies.length === 0;
  // an example includes its samples, and cannot be loaded before its packages are installed
  const project = isReady && config !== undefined ? await loadProject(join(folder, config)) : undefined;
  if (project !== undefined) {
    files.write('.env.example', environmentExample(project.databases.map(({ name }) => name)));
    notes.push(...(await writeSamples(project, files)));
  } else {
    files.write('.env.example', environmentExample(exampleDatabases(files)));
  }
  return {
    written: files.written,
    kept: files.kept,
    notes,
    next: await nextCommands(isReady, project, completed.commandOf),
  };
}

async function plan(folder: string, questions: Questions | undefined): Promise<PlannedDatabase[]> {
  const planned = await planDatabases(await findDatabases(folder, join(folder, CONFIG_FILES[0])), folder);
  if (questions === undefined) {
    return planned;
  }
  for (const database of planned) {
    const check = (text: string) =>
      toName(text) === text ? undefined : 'Write lower case letters, digits and single hyphens.';
    const name = await questions.text(`The name of the database of ${nameOfOrm(database)}:`, {
      default: database.name,
      check,
    });
    renameDatabase(planned, database, name);
  }
  for (const { entities } of planned) {
    for (const entity of entities) {
      const kept: [string, string][] = [];
      for (const [property, target] of Object.entries(entity.references)) {
        if (await questions.confirm(`Does ${entity.meta.className}.${property} refer to ${target}?`, true)) {
          kept.push([property, target]);
        }
      }
      entity.references = Object.fromEntries(kept);
    }
  }
  return planned;
}

function nameOfOrm({ file, contextName }: PlannedDatabase): string {
  return contextName === undefined ? file : `${file} (${contextName})`;
}

function renameDatabase(all: readonly PlannedDatabase[], database: PlannedDatabase, name: string): void {
  const before = `${database.name}.`;
  database.name = name;
  for (const entity of all.flatMap(({ entities }) => entities)) {
    const targets = Object.entries(entity.references).map(([property, target]) => [
      property,
      target.startsWith(before) ? `${name}.${target.slice(before.length)}` : target,
    ]);
    entity.references = Object.fromEntries(targets);
  }
}

/** Chooses an example where there is no MikroORM config. */
async function chooseExample(questions: Questions | undefined): Promise<Example> {
  if (questions === undefined) {
    return 'minimal';
  }
  const chosen = await questions.choose<Example | undefined>(
    'There is no mikro-orm.config here. What is to be written?',
    [
      {
        value: 'minimal',
        name: 'A small example',
        description: 'Two databases with an entity each, and a reference between them.',
      },
      { value: 'shop', name: 'The shop', description: 'Users, products and orders, regions and reports.' },
      { value: undefined, name: 'Nothing', description: 'Write a MikroORM config first.' },
    ],
  );
  if (chosen === undefined) {
    throw new MeridianError(
      'usage',
      'There is no MikroORM config here. Write mikro-orm.config.ts, or mikro-orm.<database>.config.ts for each database, and run npx meridian init again.',
    );
  }
  return chosen;
}

/** @returns the file name of the config */
function writeConfig(
  planned: readonly PlannedDatabase[],
  files: ProjectFiles,
  isModule: boolean,
  notes: string[],
): string {
  const isTypeScript = planned.some(({ file }) => file.endsWith('ts'));
  const name = isTypeScript ? 'meridian.config.ts' : isModule ? 'meridian.config.js' : 'meridian.config.mjs';
  const isOnly = (database: string) => planned.find((one) => one.name === database)?.entities.length === 1;
  const sampleOf = (database: string, entity: string) =>
    isOnly(database) ? `samples/${database}.csv` : `samples/${database}.${entity}.csv`;
  const { importsTypeScript } = projectTypeScript(files.root);
  files.write(name, configText(planned, { sampleOf, importsTypeScript }));
  for (const { name: database, entities, left } of planned) {
    for (const { meta, references } of entities) {
      for (const [property, target] of Object.entries(references)) {
        notes.push(
          `${meta.className}.${property} was taken to refer to ${target}. Remove the reference from ${name} if it does not.`,
        );
      }
    }
    if (left.length > 0) {
      notes.push(
        `${database}: ${left.join(', ')} ${left.length === 1 ? 'is' : 'are'} not in ${name}, because no module exports it by a name.`,
      );
    }
  }
  return name;
}

function environmentExample(databases: readonly string[]): string {
  return [
    '# Copy to .env to keep the databases elsewhere.',
    ...databases.flatMap((name) => [
      `# ${urlVariable(name)}=sqlite:databases/${name}.db`,
      `# ${urlVariable(name)}=postgresql://<user>:<password>@localhost:5432/${name}`,
    ]),
    '',
  ].join('\n');
}

function exampleDatabases({ root }: ProjectFiles): string[] {
  return globSync('migrations/*/sqlite', { cwd: root })
    .map((path) => basename(join(root, path, '..')))
    .sort();
}

async function nextCommands(
  isReady: boolean,
  project: Project | undefined,
  commandOf: (command: string) => string,
): Promise<string[]> {
  const areMigrated = await Promise.all((project?.databases ?? []).map(hasMigrations));
  const isMigrated = areMigrated.every(Boolean);
  const first = isReady ? [] : ['npm install'];
  const commands = [...(isMigrated ? [] : ['migrate:create']), 'migrate', 'populate', 'verify'].map(commandOf);
  return [...first, ...commands].slice(0, 3);
}

async function hasMigrations(declaration: Project['databases'][number]): Promise<boolean> {
  const { path = '', pathTs = path } = (await mikroOrmOptions(declaration)).migrations ?? {};
  return [path, pathTs].some((folder) => folder !== '' && globSync('*.{ts,js,cjs}', { cwd: folder }).length > 0);
}
