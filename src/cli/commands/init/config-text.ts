/** Generates the text of a config. */
import type { PlannedDatabase, PlannedEntity } from './plan.ts';

const MAX_LINE = 110;

export interface TextOptions {
  /** The sample path of an entity. */
  readonly sampleOf: (database: string, entity: string) => string;
  /** Whether imports name `.ts` files. */
  readonly importsTypeScript: boolean;
}

export function configText(
  databases: readonly PlannedDatabase[],
  { sampleOf, importsTypeScript }: TextOptions,
): string {
  const names = importNames(databases.flatMap(({ entities }) => entities));
  return [
    "import { defineConfig } from 'meridian';",
    ...importLines(names, importsTypeScript),
    '',
    'export default defineConfig({',
    '  databases: {',
    ...databases.flatMap((database) => databaseLines(database, names, sampleOf)),
    '  },',
    '});',
    '',
  ].join('\n');
}

/** Entity -> its name in the config: that of its export, unless another module exports the same name. */
function importNames(entities: readonly PlannedEntity[]): ReadonlyMap<PlannedEntity, string> {
  const names = new Map<PlannedEntity, string>();
  const taken = new Map<string, string>();
  for (const entity of entities) {
    const { name, path } = entity.module;
    const place = `${path} ${name}`;
    const candidates = [name, ...Array.from({ length: entities.length }, (_, index) => `${name}${index + 2}`)];
    const free = candidates.find((one) => (taken.get(one) ?? place) === place) ?? name;
    taken.set(free, place);
    names.set(entity, free);
  }
  return names;
}

function importLines(names: ReadonlyMap<PlannedEntity, string>, importsTypeScript: boolean): string[] {
  const byPath = new Map<string, Set<string>>();
  for (const [{ module }, name] of names) {
    const imported = module.name === name ? name : `${module.name} as ${name}`;
    byPath.set(module.path, (byPath.get(module.path) ?? new Set()).add(imported));
  }
  return [...byPath]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([path, imported]) => {
      const module = importsTypeScript ? path : path.replace(/\.([cm]?)ts$/, '.$1js');
      return `import { ${[...imported].sort().join(', ')} } from '${module}';`;
    });
}

function databaseLines(
  { name, file, contextName, entities }: PlannedDatabase,
  names: ReadonlyMap<PlannedEntity, string>,
  sampleOf: (database: string, entity: string) => string,
): string[] {
  return [
    `    ${key(name)}: {`,
    `      orm: ${ormText(name, file, contextName)},`,
    '      entities: {',
    ...entities.flatMap((entity) => entityLines(entity, names.get(entity) ?? '', sampleOf(name, entity.name))),
    '      },',
    '    },',
  ];
}

function entityLines({ name, references }: PlannedEntity, entity: string, sample: string): string[] {
  const targets = Object.entries(references).map(([property, target]) => `${key(property)}: ${text(target)}`);
  const parts = [
    `entity: ${entity}`,
    ...(targets.length === 0 ? [] : [`references: { ${targets.join(', ')} }`]),
    `sample: ${text(sample)}`,
  ];
  const line = `        ${key(name)}: { ${parts.join(', ')} },`;
  return line.length <= MAX_LINE
    ? [line]
    : [`        ${key(name)}: {`, ...parts.map((part) => `          ${part},`), '        },'];
}

/** `contextName` is left out where it is the database name, which is the default. */
function ormText(name: string, file: string, contextName = name): string {
  return contextName === name ? text(file) : `{ file: ${text(file)}, contextName: ${text(contextName)} }`;
}

function key(name: string): string {
  return /^[A-Za-z_$][\w$]*$/.test(name) ? name : text(name);
}

function text(value: string): string {
  return `'${value.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;
}
