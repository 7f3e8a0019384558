// Bundles Meridian's own modules, which the command line and its threads import from the bundles. src/shared/bundled-packages.ts says when.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join, sep } from 'node:path';
import { BUNDLE, pathIn } from './bundle.js';

/** Those that have the others imported from bundles, and the one that finds its config in its own URL. */
const UNBUNDLED = [
  'src/cli/main.js',
  'src/config/declarations.js',
  'src/populate/threads/load.worker.js',
  'src/shared/bundled-packages.js',
  'src/shared/find-package.js',
  'src/shared/project.js',
];

/** What those import by and by. */
const STARTS = ['src/cli/start.js', 'src/config/project.js', 'src/populate/threads/run-job.js'];

/**
 * Writes the bundles below `dist/packages/meridian`, and the list of them: what a project can import, what a thread can import by a URL that
 * a module gave away, and what starts. They share chunks, so that each module is in one file.
 *
 * @throws what esbuild has printed
 */
export async function bundleModules(root) {
  const built = join(root, 'dist');
  const folder = join(built, 'packages', 'meridian');
  const { build } = createRequire(import.meta.url)('esbuild');
  const { metafile } = await build({
    ...BUNDLE,
    absWorkingDir: built,
    entryPoints: entriesOf(root).map((path) => `./${path}`),
    entryNames: '[name]-[hash]',
    outdir: folder,
    external: UNBUNDLED.map((path) => join(built, path)),
    packages: 'external',
    plugins: [likeUnbundled(built)],
  });
  const bundles = Object.entries(metafile.outputs).map(([output, { entryPoint, inputs }]) => ({
    file: pathIn(folder, join(built, output)),
    ...(entryPoint === undefined ? {} : { entry: entryPoint }),
    modules: Object.keys(inputs),
  }));
  writeFileSync(join(folder, 'list.json'), JSON.stringify(bundles));
}

function entriesOf(root) {
  const { exports } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  const exported = Object.values(exports).flatMap(({ default: path }) => path?.replace('./dist/', '') ?? []);
  return [...new Set([...exported, ...STARTS, ...modulesWithUrl(join(root, 'dist'))])];
}

/** A module that has its URL may give it away, to be imported by it. */
function modulesWithUrl(built) {
  return readdirSync(join(built, 'src'), { recursive: true })
    .map((path) => `src/${path.split(sep).join('/')}`)
    .filter((path) => path.endsWith('.js') && !UNBUNDLED.includes(path) && hasUrl(join(built, path)));
}

const hasUrl = (file) => readFileSync(file, 'utf8').includes(OWN_URL);

const OWN_URL = 'import.meta.url';

/** Modules keep the URLs, and classes the names, that they have unbundled. */
function likeUnbundled(built) {
  return {
    name: 'like-unbundled',
    setup(build) {
      build.onLoad({ filter: /\.js$/ }, ({ path }) => {
        const url = `new URL(${JSON.stringify(`../../${pathIn(built, path)}`)}, ${OWN_URL}).href`;
        const contents = readFileSync(path, 'utf8').replaceAll(OWN_URL, url).replaceAll(CLASS, named);
        return { contents, loader: 'js' };
      });
    },
  };
}

/** How the compiler begins a class of a module. esbuild gives some of them another name, which entities have in messages. */
const CLASS = /^(?:export |let \w+ = )?class (\w+)[^{]*\{/gm;

/** `keepNames` of esbuild names each function again whenever it is made, also those that are made for each record. */
function named(head, name) {
  return `${head} static { Object.defineProperty(this, 'name', { value: '${name}', configurable: true }); }`;
}
