// Bundles Meridian's own modules for the command line and its threads. See src/shared/bundled-packages.ts for the reasons.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join, sep } from 'node:path';
import { BUNDLE, pathIn } from './bundle.js';

/** The modules that redirect imports to bundles, and the one that finds its config by its own URL. */
const UNBUNDLED = [
  'src/cli/main.js',
  'src/config/declarations.js',
  'src/populate/threads/load.worker.js',
  'src/shared/bundled-packages.js',
  'src/shared/find-package.js',
  'src/shared/project.js',
];

/** Modules that those import dynamically. */
const STARTS = ['src/cli/start.js', 'src/config/project.js', 'src/populate/threads/run-job.js'];

/**
 * Writes the bundles and their list below `dist/packages/meridian`. Entry points are the modules that a project can import, those that a
 * thread can import by an exported URL, and those that start the program. They share chunks, so each module is in one file.
 *
 * @throws the error that esbuild has printed
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

/** Modules that use their own URL, since they may export it, for others to import them by. */
function modulesWithUrl(built) {
  return readdirSync(join(built, 'src'), { recursive: true })
    .map((path) => `src/${path.split(sep).join('/')}`)
    .filter((path) => path.endsWith('.js') && !UNBUNDLED.includes(path) && hasUrl(join(built, path)));
}

const hasUrl = (file) => readFileSync(file, 'utf8').includes(OWN_URL);

const OWN_URL = 'import.meta.url';

/** Keeps the URLs of modules and the names of classes unchanged by bundling. */
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

/** How the compiler's output declares a class. esbuild renames some classes, whose names messages about entities contain. */
const CLASS = /^(?:export |let \w+ = )?class (\w+)[^{]*\{/gm;

/** Only names classes: esbuild's `keepNames` also names each function whenever it is created, even those that are created per record. */
function named(head, name) {
  return `${head} static { Object.defineProperty(this, 'name', { value: '${name}', configurable: true }); }`;
}
