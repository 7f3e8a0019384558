/** Serves the scripts of module screens from disk: reloading the page shows an edit. */
import { readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import type { Module } from '../../config/module.ts';
import type { Route } from '../../config/route.ts';
import { MeridianError, messageOf } from '../../shared/errors.ts';
import { Problem } from '../problem.ts';
import { etagOfFile } from './file-etag.ts';

const MEDIA_TYPE = 'text/javascript';

export interface ScreenFiles {
  /** In the order of the modules. */
  readonly paths: readonly string[];
  readonly routes: readonly Route[];
}

/** @throws MeridianError `usage` for a file that cannot be read */
export function screenFiles(modules: readonly Module[]): ScreenFiles {
  const files = new Map(
    modules.flatMap(({ screens }) => screens ?? []).map((url, index) => [`${index + 1}.js`, pathOf(url)]),
  );
  return {
    paths: [...files.keys()].map((name) => `/screens/${name}`),
    routes: files.size === 0 ? [] : [screenRoute(files)],
  };
}

function pathOf(url: URL): string {
  try {
    const path = fileURLToPath(url);
    readFileSync(path);
    return path;
  } catch (error) {
    throw new MeridianError(
      'usage',
      `The screens of a module cannot be read from ${url}: ${messageOf(error)}. Name a script with new URL('./screens.js', import.meta.url).`,
      { cause: error },
    );
  }
}

function screenRoute(files: ReadonlyMap<string, string>): Route {
  return {
    id: 'readScreens',
    method: 'GET',
    path: '/screens/{file}',
    role: 'read',
    summary: 'A script with screens of a module',
    tag: 'Server',
    params: { file: { type: 'string', enum: [...files.keys()] } },
    headers: { 'if-none-match': { type: 'string', description: 'The ETag that is known' } },
    answers: {
      200: { description: 'The script', schema: { type: 'string' }, mediaType: MEDIA_TYPE },
      304: { description: 'It is the one that is known' },
      404: { description: 'There is no such script' },
    },
    async handle({ params: { file = '' }, headers }) {
      const path = files.get(file);
      if (path === undefined) {
        throw new Problem(404, 'unknown', `There are the scripts ${[...files.keys()].join(', ')}.`);
      }
      const content = await readFile(path);
      const common = { etag: etagOfFile(content), 'cache-control': 'no-cache' };
      return headers['if-none-match'] === common.etag
        ? { status: 304, headers: common }
        : { headers: { ...common, 'content-type': `${MEDIA_TYPE}; charset=utf-8` }, body: content };
    },
  };
}
