/** What the command line imports from bundles, and that a bundle is what was bundled. */
import { spawnSync } from 'node:child_process';
import { globSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from '@jest/globals';
import { type Bundle, bundles, ownBundles, redirectionsOf } from '../../src/shared/bundled-packages.ts';
import { buildRoot, projectRoot } from '../../src/shared/project.ts';

const built = bundles();
const { modules } = redirectionsOf(built);

const isRedirected = (bundle: Bundle) => redirectionsOf([bundle]).modules.size > 0;

test('all bundles are used of the packages that they were built from', () => {
  expect([...modules.values()].map((url) => fileURLToPath(url))).toHaveLength(
    built.flatMap(({ entries }) => entries).length,
  );
});

describe.each(built.map((bundle) => [bundle.sources[0].name, bundle] as const))('%s', (_, bundle) => {
  test('is imported as it is in another version', () => {
    const [{ version, ...source }, ...others] = bundle.sources;
    expect(isRedirected({ ...bundle, sources: [{ ...source, version: `${version}-next` }, ...others] })).toBe(false);
  });

  test('is imported as it is where one of its modules was changed', () => {
    for (const [index, source] of bundle.sources.entries()) {
      const [path = '', size = 0] = Object.entries(source.sizes).at(-1) ?? [];
      const changed = { ...source, sizes: { ...source.sizes, [path]: size + 1 } };
      const [first, ...others] = bundle.sources.with(index, changed);
      expect(isRedirected({ ...bundle, sources: [first as Bundle['sources'][0], ...others] })).toBe(false);
    }
  });

  test('is imported as it is where one of its modules is not there', () => {
    const [source, ...others] = bundle.sources;
    const changed = { ...source, sizes: { ...source.sizes, 'not-there.js': 1 } };
    expect(isRedirected({ ...bundle, sources: [changed, ...others] })).toBe(false);
  });
});

test('bundles take one byte a character in the memory of each thread, but where a regular expression needs two', () => {
  const files = globSync('packages/**/*.js', { cwd: buildRoot });
  const isOfTwoBytes = (file: string) => /[^\0-\xff]/.test(readFileSync(join(buildRoot, file), 'utf8'));
  expect(files.filter(isOfTwoBytes)).toEqual(['packages/class-validator/cjs/index.js']);
});

test('a package that is not installed is not redirected', () => {
  expect(
    isRedirected({ entries: ['index.js'], sources: [{ name: 'not-installed', version: '1.0.0', sizes: {} }] }),
  ).toBe(false);
});

const titled = [...modules].map(([original, bundle]) => [
  relative(projectRoot, fileURLToPath(original)),
  original,
  bundle,
]);

test.each(titled as [string, string, string][])('%s exports the same from its bundle', async (_, original, bundle) => {
  const names = async (url: string) => {
    const exports: Readonly<Record<string, unknown>> = await import(url);
    // what Node adds to CommonJS
    return Object.keys(exports).filter((name) => name !== '__esModule' && name !== 'module.exports');
  };
  expect((await names(bundle)).sort()).toEqual((await names(original)).sort());
});

describe("Meridian's own bundles", () => {
  const own = ownBundles();

  test('have each module once', () => {
    const paths = own.flatMap((bundle) => bundle.modules);
    expect(paths.length).toBeGreaterThan(0);
    expect(paths).toHaveLength(new Set(paths).size);
  });

  test('export what the modules export, and classes under the same names', () => {
    const pairs = [...redirectionsOf([], own).modules];
    expect(differencesOf(pairs)).toEqual([]);
  });
});

/** The modules whose bundle exports something else. In a process of its own, for each class is there twice. */
function differencesOf(pairs: readonly (readonly [string, string])[]): string[] {
  const program = `
    const named = (exports) => JSON.stringify(Object.keys(exports).sort().map((key) => [key, typeof exports[key], nameOf(exports[key])]));
    const nameOf = (value) => (/^class\\b/.test(String(value)) ? value.name : undefined);
    const differ = [];
    for (const [original, bundle] of ${JSON.stringify(pairs)}) {
      if (named(await import(original)) !== named(await import(bundle))) differ.push(original);
    }
    console.log(JSON.stringify(differ));
    process.exit();`;
  const { stdout, stderr } = spawnSync(process.execPath, ['--input-type=module', '--eval', program], {
    encoding: 'utf8',
  });
  return stdout === '' ? [stderr] : JSON.parse(stdout);
}
