/** Reads the options of a project's tsconfig.json that decide how its TypeScript is loaded. */
import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, isAbsolute, join, resolve } from 'node:path';
import { MeridianError, messageOf } from '../shared/errors.ts';

export interface ProjectTypeScript {
  /** The nearest tsconfig.json, if there is one. */
  readonly tsconfig: string | undefined;
  /** Whether decorators are TypeScript's legacy ones (`experimentalDecorators`) instead of the standard ones. */
  readonly hasLegacyDecorators: boolean;
  /** Whether imports name `.ts` files; else they name the compiled `.js` files. */
  readonly importsTypeScript: boolean;
}

type CompilerOptions = Readonly<Record<string, unknown>>;

interface Tsconfig {
  readonly extends?: string | readonly string[];
  readonly compilerOptions?: CompilerOptions;
}

/** @param folder that of the config; tsconfig.json is in it or in a folder above */
export function projectTypeScript(folder: string): ProjectTypeScript {
  const tsconfig = findUpward(folder, 'tsconfig.json');
  const isSet = (option: string) => tsconfig !== undefined && optionIn(tsconfig, option, []) === true;
  return {
    tsconfig,
    hasLegacyDecorators: isSet('experimentalDecorators'),
    importsTypeScript:
      tsconfig === undefined || isSet('allowImportingTsExtensions') || isSet('rewriteRelativeImportExtensions'),
  };
}

function findUpward(folder: string, name: string): string | undefined {
  const file = join(folder, name);
  if (existsSync(file)) {
    return file;
  }
  const above = dirname(folder);
  return above === folder ? undefined : findUpward(above, name);
}

/** @returns `undefined` where neither the file nor one that it extends sets the option */
function optionIn(file: string, option: string, extending: readonly string[]): unknown {
  const config = read(file);
  const own = config.compilerOptions?.[option];
  if (own !== undefined || extending.includes(file)) {
    return own;
  }
  // the last file wins
  return [config.extends ?? []]
    .flat()
    .reverse()
    .map((base) => baseOf(file, base))
    .map((base) => (base === undefined ? undefined : optionIn(base, option, [...extending, file])))
    .find((value) => value !== undefined);
}

/** Resolves `extends` as `tsc` does: a path, with or without `.json`, or a module. */
function baseOf(file: string, base: string): string | undefined {
  if (base.startsWith('.') || isAbsolute(base)) {
    const path = resolve(dirname(file), base);
    return [path, `${path}.json`].find((one) => existsSync(one) && one.endsWith('.json'));
  }
  const require = createRequire(file);
  for (const id of [base, `${base}.json`, `${base}/tsconfig.json`]) {
    try {
      return require.resolve(id);
    } catch (error) {
      if (!isNotResolved(error)) {
        throw error;
      }
    }
  }
  return undefined;
}

function isNotResolved(error: unknown): boolean {
  const { code } = error as { readonly code?: unknown };
  return code === 'MODULE_NOT_FOUND' || code === 'ERR_PACKAGE_PATH_NOT_EXPORTED';
}

function read(file: string): Tsconfig {
  try {
    return JSON.parse(withoutComments(readFileSync(file, 'utf8'))) as Tsconfig;
  } catch (error) {
    throw new MeridianError('usage', `${file} cannot be read: ${messageOf(error)}.`, { cause: error });
  }
}

/** Matches strings, comments, and commas before a closing bracket; all but the strings are removed. */
const PIECES = /("(?:\\.|[^"\\])*")|\/\/[^\n]*|\/\*[\s\S]*?\*\/|,(?=(?:\s|\/\/[^\n]*|\/\*[\s\S]*?\*\/)*[\]}])/g;

function withoutComments(text: string): string {
  return text.replace(/^\uFEFF/, '').replace(PIECES, (_, string?: string) => string ?? '');
}
