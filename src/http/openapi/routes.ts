/** The OpenAPI description, which names databases and columns, and a page to try the API, which requests the description. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Route } from '../../config/route.ts';
import { projectRoot } from '../../shared/project.ts';
import { openApiDocument } from './document.ts';

const DOCUMENT = '/openapi.json';

/** The files of the page in the package. */
const FILES = [
  { id: 'apiPage', path: '/api', file: 'try.html', type: 'text/html; charset=utf-8', summary: 'A page to try the API' },
  {
    id: 'apiPageScript',
    path: '/api/try.js',
    file: 'try.js',
    type: 'text/javascript; charset=utf-8',
    summary: 'Its script',
  },
  { id: 'apiPageStyle', path: '/api/try.css', file: 'try.css', type: 'text/css; charset=utf-8', summary: 'Its style' },
] as const;

/** @param others the routes that are described besides these */
export function descriptionRoutes(others: () => readonly Route[]): readonly Route[] {
  return [
    {
      id: 'describeApi',
      method: 'GET',
      path: DOCUMENT,
      role: 'read',
      summary: 'Describes the API as OpenAPI 3.1',
      description: 'Entities whose database cannot be opened are left out.',
      tag: 'Server',
      answers: { 200: { description: 'The description', schema: { type: 'object' } } },
      handle: async () => ({ body: await openApiDocument(others()) }),
    },
    ...FILES.map(
      ({ id, path, file, type, summary }): Route => ({
        id,
        method: 'GET',
        path,
        role: 'public',
        summary,
        tag: 'Server',
        answers: { 200: { description: summary, schema: { type: 'string' }, mediaType: type.replace(/;.*/, '') } },
        handle: () => Promise.resolve({ headers: { 'content-type': type }, body: textOf(file) }),
      }),
    ),
  ];
}

/** The files are in the folder of this module, both in the sources and in a build. */
function textOf(file: string): string {
  return readFileSync(join(projectRoot, 'src', 'http', 'openapi', 'page', file), 'utf8');
}
