/** The linter enforces the layers and forbids circles of imports, type imports included: each planted violation fails `biome check`. */
import { spawnSync } from 'node:child_process';
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { expect, test } from '@jest/globals';
import { projectRoot } from '../src/shared/project.ts';
import { makeFolder, writeIn } from './support/folder.ts';

/**
 * The rooms of `src`, the lowest layer first. A file imports only from its own room and from the ones before it; the shop, from those only
 * what the package exports.
 */
const LAYERS = [
  'shared',
  'database',
  'loads',
  'query',
  'transfer',
  'integrity',
  'populate',
  'generate',
  'replication',
  'config',
  'http',
  'cli',
  'api',
  'testing',
  'shop',
] as const;

/** What the package exports for others: all that the shop imports of it. */
const ENTRIES = Object.entries(manifest().exports).flatMap(([name, entry]) =>
  typeof entry === 'string' || name === './shop' ? [] : [entry.default.replace('./dist/src/', '').replace(/js$/, 'ts')],
);

const BIOME = join(projectRoot, 'node_modules', '@biomejs', 'biome', 'bin', 'biome');

function manifest() {
  return JSON.parse(readFileSync(join(projectRoot, 'package.json'), 'utf8')) as {
    readonly exports: Readonly<Record<string, string | { readonly default: string }>>;
  };
}

interface Report {
  readonly diagnostics: readonly { readonly category: string; readonly location: { readonly path: unknown } }[];
}

/** Runs the project's `biome lint` over a copy that holds these files only. @returns `<rule> <file>` for each violation */
function violationsIn(files: Readonly<Record<string, string>>): string[] {
  const folder = makeFolder();
  for (const name of ['biome.json', '.gitignore', 'lint/environment.grit']) {
    writeIn(folder, name, readFileSync(join(projectRoot, name), 'utf8'));
  }
  for (const [path, text] of Object.entries(files)) {
    writeIn(folder, path, text);
  }
  const { stdout } = spawnSync(
    process.execPath,
    [BIOME, 'lint', '--reporter=json', '--max-diagnostics=none', '--error-on-warnings'],
    { cwd: folder, encoding: 'utf8' },
  );
  const { diagnostics } = JSON.parse(stdout) as Report;
  return diagnostics
    .map(({ category, location: { path } }) => {
      const file = typeof path === 'string' ? path : String((path as { file?: unknown }).file);
      return `${category.split('/').at(-1)} ${file.replaceAll('\\', '/').replace(/^\.\//, '')}`;
    })
    .sort();
}

test('an import from a higher layer fails, of a type as well, and one from a lower layer passes', () => {
  const files: Record<string, string> = {};
  const forbidden: string[] = [];
  for (const [height, layer] of LAYERS.entries()) {
    files[`src/${layer}/planted.ts`] =
      'export interface Planted {\n  readonly name: string;\n}\n\nexport const planted = 1;\n';
    for (const [otherHeight, other] of LAYERS.entries()) {
      if (other !== layer) {
        const value = `src/${layer}/planted/value-of-${other}.ts`;
        const type = `src/${layer}/planted/type-of-${other}.ts`;
        files[value] = `import { planted } from '../../${other}/planted.ts';\n\nexport const own = planted;\n`;
        files[type] = `import type { Planted } from '../../${other}/planted.ts';\n\nexport type Own = Planted;\n`;
        forbidden.push(
          ...(otherHeight > height || layer === 'shop'
            ? [value, type].map((file) => `noRestrictedImports ${file}`)
            : []),
        );
      }
    }
  }
  expect(forbidden).toContain('noRestrictedImports src/replication/planted/type-of-shop.ts');
  expect(violationsIn(files)).toEqual(forbidden.sort());
});

test('the shop imports what the package exports, and nothing else of the tool, from whatever folder', () => {
  const planted = ENTRIES.map((entry, number): [string, string] => [
    `src/${entry}`,
    `export const planted${number} = ${number};\n`,
  ]);
  const files: Record<string, string> = {
    ...Object.fromEntries(planted),
    'src/shared/inner.ts': 'export const inner = 1;\n',
    'src/replication/inner.ts': 'export const inner = 1;\n',
    'src/shop/cli/own.ts': 'export const inner = 1;\n',
  };
  const forbidden: string[] = [];
  for (const [folder, up] of [
    ['src/shop', '../'],
    ['src/shop/planted', '../../'],
    ['src/shop/planted/planted', '../../../'],
  ] as const) {
    for (const [number, entry] of ENTRIES.entries()) {
      files[`${folder}/entry-${number}.ts`] =
        `import { planted${number} } from '${up}${entry}';\n\nexport const own = planted${number};\n`;
    }
    for (const [name, path] of Object.entries({
      own: `${folder === 'src/shop' ? './' : up.slice(3)}cli/own.ts`,
      shared: `${up}shared/inner.ts`,
      replication: `${up}replication/inner.ts`,
    })) {
      files[`${folder}/${name}.ts`] = `import { inner } from '${path}';\n\nexport const own = inner;\n`;
      forbidden.push(...(name === 'own' ? [] : [`noRestrictedImports ${folder}/${name}.ts`]));
    }
  }
  expect(violationsIn(files)).toEqual(forbidden.sort());
});

test('what runs in a browser imports nothing of the server, and the server nothing of it', () => {
  const planted = 'export const planted = 1;\n';
  const from = (path: string) => `import { planted } from '${path}';\n\nexport const own = planted;\n`;
  const files = {
    'src/shared/planted.ts': planted,
    'src/http/planted.ts': planted,
    'src/page/frame/planted.ts': planted,
    'src/page/module-values.ts': planted,
    'src/shop/page/planted.ts': planted,
    'src/shop/cli/planted.ts': planted,
    'src/page/data/own.ts': from('../frame/planted.ts'),
    'src/page/data/server.ts': from('../../http/planted.ts'),
    'src/page/data/shop.ts': from('../../shop/page/planted.ts'),
    'src/page/data/node.ts': "import { join } from 'node:path';\n\nexport const own = join('a', 'b');\n",
    'src/shop/page/own.ts': from('./planted.ts'),
    'src/shop/page/entry.ts': from('../../page/module-values.ts'),
    'src/shop/page/frame.ts': from('../../page/frame/planted.ts'),
    'src/shop/page/server.ts': from('../../http/planted.ts'),
    'src/http/page-files/own.ts': from('../../page/frame/planted.ts'),
    'src/shop/cli/own.ts': from('../../page/frame/planted.ts'),
  };
  expect(violationsIn(files)).toEqual(
    [
      'http/page-files/own',
      'page/data/node',
      'page/data/server',
      'page/data/shop',
      'shop/cli/own',
      'shop/page/frame',
      'shop/page/server',
    ].map((name) => `noRestrictedImports src/${name}.ts`),
  );
});

test('no file of the shop lies deeper than the rule looks', () => {
  expect(globSync('src/shop/*/*/*/**/*.ts', { cwd: projectRoot })).toEqual([]);
});

test('only the environment asks the runtime for the time, for timers and for random values', () => {
  const rules = {
    'Date.now()': 'plugin',
    'new Date()': 'plugin',
    'Math.random()': 'plugin',
    'AbortSignal.timeout(1)': 'plugin',
    'performance.now()': 'noRestrictedGlobals',
    'crypto.randomUUID()': 'noRestrictedGlobals',
    'setTimeout(String, 1)': 'noRestrictedGlobals',
    'setInterval(String, 1)': 'noRestrictedGlobals',
    'setImmediate(String)': 'noRestrictedGlobals',
  };
  const modules = {
    "{ setTimeout as planted } from 'node:timers/promises'": 'plugin',
    "{ performance as planted } from 'node:perf_hooks'": 'plugin',
    "{ createHash, randomBytes as planted } from 'node:crypto'": 'plugin',
    "* as planted from 'node:crypto'": 'plugin',
  };
  const planted = [
    ...Object.entries(rules).map(([value, rule]) => [rule, `export const planted = ${value};\n`] as const),
    ...Object.entries(modules).map(
      ([clause, rule]) => [rule, `import ${clause};\n\nexport const own = planted;\n`] as const,
    ),
  ];
  const files: Record<string, string> = {
    'src/shared/environment.ts': planted[0]?.[1] ?? '',
    'src/page/frame/time.ts': planted[0]?.[1] ?? '',
    'src/shop/page/time.ts': planted[0]?.[1] ?? '',
    'src/loads/innocent.ts': 'export const planted = (time: number) => new Date(time);\n',
    'src/loads/digest.ts':
      "import { createHash } from 'node:crypto';\n\nexport const planted = createHash('sha256');\n",
    'test/time.ts': planted[0]?.[1] ?? '',
  };
  const forbidden = planted.map(([rule, text], number) => {
    const path = `src/loads/planted-${number}.ts`;
    files[path] = text;
    return `${rule} ${path}`;
  });
  expect(violationsIn(files).filter((one) => !one.startsWith('noUnused'))).toEqual(forbidden.sort());
});

test('a circle of imports fails, of type imports as well', () => {
  expect(
    violationsIn({
      'src/database/first.ts': "import { second } from './second.ts';\n\nexport const first = () => second();\n",
      'src/database/second.ts': "import { third } from './third.ts';\n\nexport const second = () => third();\n",
      'src/database/third.ts': "import { first } from './first.ts';\n\nexport const third = (): number => first();\n",
      'src/loads/one.ts': "import type { Two } from './two.ts';\n\nexport type One = Two[];\n",
      'src/loads/two.ts': "import type { One } from './one.ts';\n\nexport interface Two {\n  readonly ones: One;\n}\n",
    }),
  ).toEqual([
    'noImportCycles src/database/first.ts',
    'noImportCycles src/database/second.ts',
    'noImportCycles src/database/third.ts',
    'noImportCycles src/loads/one.ts',
    'noImportCycles src/loads/two.ts',
  ]);
});
