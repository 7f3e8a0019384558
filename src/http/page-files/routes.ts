/** The page: three files, made when the package is built. The page gets its data from the API. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import type { Answer, Call, Route } from '../../config/route.ts';
import { allTables } from '../../database/declaration.ts';
import { projectRoot } from '../../shared/project.ts';
import type { OpenDatabases } from '../databases.ts';
import { describeDatabases } from './describe.ts';
import type { Description } from './description.ts';
import { etagOfFile } from './file-etag.ts';

const FILES = [
  { id: 'page', path: '/', file: 'index.html', type: 'text/html; charset=utf-8', summary: 'The page' },
  {
    id: 'pageScript',
    path: '/page.js',
    file: 'page.js',
    type: 'text/javascript; charset=utf-8',
    summary: 'Its script',
  },
  { id: 'pageStyle', path: '/page.css', file: 'page.css', type: 'text/css; charset=utf-8', summary: 'Its style' },
] as const;

/**
 * @param operations the ids of all routes: the page shows only what they serve
 * @param screens script paths of the module screens
 */
export function pageRoutes(
  databases: OpenDatabases,
  operations: () => readonly string[],
  screens: readonly string[],
): readonly Route[] {
  return [
    ...FILES.map(
      ({ id, path, file, type, summary }): Route => ({
        id,
        method: 'GET',
        path,
        role: 'public',
        summary,
        tag: 'Server',
        headers: { 'if-none-match': { type: 'string', description: 'The ETag that is known' } },
        answers: {
          200: { description: summary, schema: { type: 'string' }, mediaType: type.replace(/;.*/, '') },
          304: { description: 'It is the one that is known' },
        },
        handle: (call) => Promise.resolve(answerFile(call, file, type)),
      }),
    ),
    {
      id: 'describeServer',
      method: 'GET',
      path: '/api/description',
      role: 'read',
      summary: 'Describes the databases and their entities, and names the operations that there are',
      tag: 'Server',
      answers: { 200: { description: 'The description', schema: { type: 'object' } } },
      async handle() {
        const body: Description = {
          databases: await describeDatabases(databases),
          tables: allTables(databases.declarations()).map(({ name }) => name),
          operations: operations(),
          screens,
        };
        return { body };
      },
    },
  ];
}

interface File {
  readonly content: Buffer;
  readonly compressed: Buffer;
  readonly etag: string;
}

const files = new Map<string, File>();

function answerFile({ headers }: Call, name: string, type: string): Answer {
  const { content, compressed, etag } = fileCalled(name);
  const common = { etag, 'cache-control': 'no-cache', vary: 'accept-encoding' };
  if (headers['if-none-match'] === etag) {
    return { status: 304, headers: common };
  }
  return /\bgzip\b/.test(headers['accept-encoding'] ?? '')
    ? { headers: { ...common, 'content-type': type, 'content-encoding': 'gzip' }, body: compressed }
    : { headers: { ...common, 'content-type': type }, body: content };
}

function fileCalled(name: string): File {
  let file = files.get(name);
  if (file === undefined) {
    const content = readFileSync(join(projectRoot, 'dist', 'page', name));
    file = { content, compressed: gzipSync(content, { level: 9 }), etag: etagOfFile(content) };
    files.set(name, file);
  }
  return file;
}
