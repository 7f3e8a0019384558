// Bundles packages with many modules, each into a few files, for the command line and its threads. See src/shared/bundled-packages.ts for
// the reasons.
import { copyFileSync, existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { createRequire, findPackageJSON } from 'node:module';
import { dirname, join, sep } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { BUNDLE, pathIn } from './bundle.js';

/**
 * - `via`: the package that depends on it, if it is not Meridian
 * - `entry`: the only imported file; by default, all exports are entries
 * - `modules`: the ES modules equivalent to a CommonJS entry, whose named exports a bundle would lose
 * - `including`: a package that is bundled into it
 */
const PACKAGES = [
  { name: '@mikro-orm/core' },
  { name: '@mikro-orm/sql' },
  { name: '@mikro-orm/decorators' },
  { name: 'kysely' },
  { name: 'class-validator', entry: 'cjs/index.js', modules: 'esm2015/index.js', including: 'validator' },
  { name: 'libphonenumber-js', via: 'class-validator', entry: 'max/index.js' },
];

/** Writes the bundles and their list below `dist/packages`. @throws the error that esbuild has printed */
export function bundlePackages(root) {
  const folder = join(root, 'dist', 'packages');
  const list = PACKAGES.map((given) => bundle(given, join(folder, given.name)));
  writeFileSync(join(folder, 'list.json'), JSON.stringify(list));
}

function bundle(given, folder) {
  const { name, via, including } = given;
  const source = sourceOf(name, via);
  const entries = entriesOf(given, source.folder);
  const { buildSync } = createRequire(import.meta.url)('esbuild');
  const { metafile } = buildSync({
    ...BUNDLE,
    ...inputOf(given, source.folder, entries),
    absWorkingDir: source.folder,
    outdir: folder,
    outbase: source.folder,
  });
  const inputs = Object.keys(metafile.inputs).map((path) => join(source.folder, path));
  const sources = [source, ...(including === undefined ? [] : [sourceOf(including, name)])];
  for (const one of sources) {
    copyLicence(one, folder);
  }
  return {
    entries: entries.map((file) => pathIn(source.folder, file)),
    sources: sources.map((one) => ({
      name: one.name,
      via: one.via,
      version: one.version,
      sizes: sizesOf(one, inputs),
    })),
  };
}

function sourceOf(name, via) {
  const from = via === undefined ? import.meta.url : pathToFileURL(findPackageJSON(via, import.meta.url));
  const manifest = findPackageJSON(name, from);
  return { name, via, folder: dirname(manifest), version: JSON.parse(readFileSync(manifest, 'utf8')).version };
}

function entriesOf({ name, entry }, folder) {
  if (entry !== undefined) {
    return [join(folder, entry)];
  }
  const { exports } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  return Object.keys(exports)
    .filter((path) => path !== './package.json')
    .map((path) => fileURLToPath(import.meta.resolve(name + path.slice(1))));
}

/** Packages that are not in the bundle are imported by name. */
function inputOf({ entry, modules, including }, folder, entries) {
  if (modules === undefined) {
    return { entryPoints: entries, packages: 'external' };
  }
  const { dependencies } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  return {
    // a CommonJS module has a default export as well
    stdin: {
      contents: `export * from './${modules}';\nexport * as default from './${modules}';\n`,
      resolveDir: folder,
    },
    entryNames: entry.replace(/\.js$/, ''),
    external: Object.keys(dependencies).filter((name) => name !== including),
  };
}

/** Path in the package -> size in bytes, for the bundled modules. */
function sizesOf({ folder }, inputs) {
  const modules = inputs.filter((file) => file.startsWith(folder + sep) && existsSync(file));
  return Object.fromEntries(modules.map((file) => [pathIn(folder, file), statSync(file).size]));
}

function copyLicence({ name, folder }, to) {
  for (const file of readdirSync(folder).filter((one) => /^licen[cs]e/i.test(one))) {
    copyFileSync(join(folder, file), join(to, `${name.replace('/', '-')}.${file}`));
  }
}
