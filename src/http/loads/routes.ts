/** The routes of loads: upload files, load those of the config, follow and cancel runs, and correct rejected records. */
import { configuredFiles } from '../../config/loads.ts';
import type { Answer, Call, Parameter, Route } from '../../config/route.ts';
import { makeTemporaryFolder } from '../../shared/files/temporary-folder.ts';
import { shown } from '../../shared/text/visible.ts';
import { Problem } from '../problem.ts';
import { ALL, BEGUN, begin, type LoadRouteParts, TAG } from './begin.ts';
import { extendPlan, moduleOptions } from './extensions.ts';
import { LOAD_PARAMETERS, readLoadQuery } from './load-query.ts';
import { optionsOf } from './options.ts';
import { planOf, refuseUnknownTable } from './plan.ts';
import { previewOf } from './preview.ts';
import { rejectRoutes } from './rejects.routes.ts';
import { runRoutes } from './runs.routes.ts';
import { PREVIEW } from './schemas.ts';
import { receive, UPLOAD_TYPES } from './upload.ts';

export function loadRoutes(parts: LoadRouteParts): readonly Route[] {
  return [upload(parts), configured(parts), preview(parts), ...runRoutes(parts), ...rejectRoutes(parts)];
}

function moduleParameters({ project: { modules } }: LoadRouteParts): Readonly<Record<string, Parameter>> {
  return Object.fromEntries(Object.entries(moduleOptions(modules)).map(([name, { parameter }]) => [name, parameter]));
}

const OF_UPLOADS = {
  404: { description: 'There is no such table' },
  413: { description: 'The upload is larger than the server takes' },
  507: { description: 'The disk of the server is full' },
} as const;

function upload(parts: LoadRouteParts): Route {
  return {
    id: 'startLoad',
    method: 'PUT',
    path: ALL,
    role: 'operate',
    summary: 'Uploads files and loads them, as populate does',
    description:
      'The body is the file of one table, of any size, or a multipart form whose parts are named after their tables. The same upload continues a run that was stopped.',
    tag: TAG,
    query: { ...LOAD_PARAMETERS, ...moduleParameters(parts) },
    body: { form: 'stream', mediaTypes: UPLOAD_TYPES, schema: { type: 'string', format: 'binary' } },
    answers: { ...BEGUN, ...OF_UPLOADS },
    handle: (call) => startUpload(parts, call),
  };
}

async function startUpload({ project, databases, loads, maxUploadBytes }: LoadRouteParts, call: Call): Promise<Answer> {
  const query = readLoadQuery(call.query);
  const declared = databases.declarations();
  if (query.table !== undefined) {
    // refuse before the file is received
    refuseUnknownTable(declared, query.table);
  }
  const folder = await makeTemporaryFolder('upload');
  return begin(call, folder, async () => {
    const files = await receive(call, query, folder.path, maxUploadBytes);
    const plan = await extendPlan(project.modules, call.query, planOf(project, declared, files, query));
    return loads.start({ ...plan, ...optionsOf(project, query, plan) }, () => folder.remove());
  });
}

function configured(parts: LoadRouteParts): Route {
  const { name: _, ...parameters } = LOAD_PARAMETERS;
  return {
    id: 'startConfiguredLoad',
    method: 'POST',
    path: ALL,
    role: 'operate',
    summary: 'Loads the files that the config names, or its samples, as populate does without files',
    tag: TAG,
    query: {
      ...parameters,
      ...moduleParameters(parts),
      table: { type: 'string', description: 'Only the files of this table' },
    },
    answers: {
      ...BEGUN,
      404: { description: 'The config names no file of this table' },
      422: { description: 'A file cannot be read as the query says' },
    },
    handle: (call) => startConfigured(parts, call),
  };
}

async function startConfigured({ project, databases, loads }: LoadRouteParts, call: Call): Promise<Answer> {
  const query = readLoadQuery(call.query);
  const { table } = query;
  const files = configuredFiles(project)
    .map(({ name, path }) => ({ table: name, path, name: path }))
    .filter((file) => table === undefined || file.table === table);
  if (files.length === 0) {
    throw new Problem(404, 'unknown', `The config names no file of "${shown(table ?? '')}".`);
  }
  const plan = planOf(project, databases.declarations(), files, query);
  const extended = await extendPlan(project.modules, call.query, plan);
  return begin(call, undefined, () =>
    loads.start({ ...extended, ...optionsOf(project, query, extended) }, () => Promise.resolve()),
  );
}

function preview({ project, databases, maxUploadBytes }: LoadRouteParts): Route {
  return {
    id: 'previewLoad',
    method: 'POST',
    path: `${ALL}/preview`,
    role: 'operate',
    summary: 'Says how a file would be read: what is detected, its columns and first records',
    description: 'The body is the file of one table, or its beginning. Nothing is loaded.',
    tag: TAG,
    query: LOAD_PARAMETERS,
    body: { form: 'stream', mediaTypes: UPLOAD_TYPES, schema: { type: 'string', format: 'binary' } },
    answers: { 200: { description: 'How it would be read', schema: PREVIEW }, ...OF_UPLOADS },
    async handle(call) {
      const query = readLoadQuery(call.query);
      const folder = await makeTemporaryFolder('upload');
      try {
        const files = await receive(call, query, folder.path, maxUploadBytes);
        return { body: await previewOf(planOf(project, databases.declarations(), files, query), folder.path) };
      } finally {
        await folder.remove();
      }
    },
  };
}
