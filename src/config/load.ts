/** Imports a file of a project, JavaScript or TypeScript, and returns its default export. */
import { existsSync } from 'node:fs';
import { dirname, extname, join, relative } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { MeridianError, messageOf } from '../shared/errors.ts';
import { buildRoot, projectRoot } from '../shared/project.ts';
import { recommendedLoader, registerTypeScript } from './typescript.ts';

const TYPESCRIPT = /^\.[cm]?ts$/;

/**
 * @param what the file is, for messages: `The config`
 * @throws MeridianError `usage` for a file that cannot be imported or has no default export, and for TypeScript where the project has no
 *   loader for it
 */
export async function importDefault(file: string, what: string): Promise<unknown> {
  const exports = await importFile(file, what);
  const value = unwrapped(exports['default']);
  if (value === undefined) {
    throw new MeridianError(
      'usage',
      `${what} ${file} has no default export. Write export default defineConfig({ … }).`,
    );
  }
  return value;
}

/** Whether a file is run as TypeScript, so that MikroORM loads the sources of entities and migrations as well. */
export function isLoadedTypeScript(file: string): boolean {
  return TYPESCRIPT.test(extname(file)) && builtFile(file) === undefined;
}

/** The compiled file of a source of this package, so that no module is loaded twice; `undefined` for any other file. */
function builtFile(file: string): string | undefined {
  const path = relative(projectRoot, file);
  if (path.startsWith('..') || path.startsWith('node_modules') || !TYPESCRIPT.test(extname(file))) {
    return undefined;
  }
  const built = join(buildRoot, path.replace(/ts$/, 'js'));
  return existsSync(built) ? built : undefined;
}

type Exports = Readonly<Record<string, unknown>>;

async function importFile(file: string, what: string): Promise<Exports> {
  const built = builtFile(file);
  if (built !== undefined) {
    return importPath(built, file, what);
  }
  if (!TYPESCRIPT.test(extname(file))) {
    return importPath(file, file, what);
  }
  const folder = dirname(file);
  const loader = await registerTypeScript(folder);
  if (loader !== undefined) {
    return importPath(file, file, what, (error) => `, with ${loader}${decoratorAdvice(error, loader)}`);
  }
  try {
    return (await import(pathToFileURL(file).href)) as Exports;
  } catch (error) {
    if (!isBeyondNode(error)) {
      throw failure(what, file, error);
    }
    throw new MeridianError(
      'usage',
      `${what} ${file} is TypeScript that Node.js cannot run by itself (${firstLine(error)}). ` +
        `Install what loads it in the project: npm install --save-dev ${recommendedLoader(folder)}`,
      { cause: error },
    );
  }
}

async function importPath(
  path: string,
  file: string,
  what: string,
  how: (error: unknown) => string = () => '',
): Promise<Exports> {
  try {
    return (await import(pathToFileURL(path).href)) as Exports;
  } catch (error) {
    throw failure(what, file, error, how(error));
  }
}

function failure(what: string, file: string, error: unknown, how = ''): Error {
  return error instanceof MeridianError
    ? error
    : new MeridianError('usage', `${what} ${file} cannot be loaded${how}: ${sentenceOf(error)}`, { cause: error });
}

/** oxc and swc support only TypeScript's legacy decorators. */
function decoratorAdvice(error: unknown, loader: string): string {
  const isOfDecorators = /decorators? require|TC39|Expression expected/i.test(messageOf(error));
  return isOfDecorators && loader !== 'tsx'
    ? ' (which does not support standard decorators: npm install --save-dev tsx)'
    : '';
}

/** Whether Node.js itself does not support a TypeScript file: it has decorators, enums, or imports of `.js` that mean `.ts`. */
function isBeyondNode(error: unknown): boolean {
  const { code, url } = error as { readonly code?: unknown; readonly url?: unknown };
  return (
    error instanceof SyntaxError ||
    code === 'ERR_UNKNOWN_FILE_EXTENSION' ||
    code === 'ERR_UNSUPPORTED_TYPESCRIPT_SYNTAX' ||
    code === 'ERR_INVALID_TYPESCRIPT_SYNTAX' ||
    (code === 'ERR_MODULE_NOT_FOUND' && typeof url === 'string' && isSource(url))
  );
}

/** Whether a missing import is a TypeScript file that was imported with another extension or none. */
function isSource(url: string): boolean {
  const path = url.startsWith('file:') ? fileURLToPath(url) : url;
  return [path.replace(/\.([cm]?)js$/, '.$1ts'), `${path}.ts`].some((one) => one !== path && existsSync(one));
}

function firstLine(error: unknown): string {
  return (messageOf(error).split('\n')[0] ?? '').replace(/[.:]$/, '');
}

function sentenceOf(error: unknown): string {
  const text = messageOf(error).trim();
  return /[.!?]$/.test(text) ? text : `${text}.`;
}

/** The default export of a compiled CommonJS file is nested in the default export that Node.js makes. */
function unwrapped(value: unknown): unknown {
  const isWrapped = typeof value === 'object' && value !== null && '__esModule' in value && 'default' in value;
  return isWrapped ? value.default : value;
}
