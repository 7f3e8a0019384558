/** The routes of loads: upload files, follow and cancel runs, and correct what was rejected. */
import type { Project } from '../../config/module.ts';
import type { Answer, Call, Route } from '../../config/route.ts';
import type { PopulateReport } from '../../populate/report.ts';
import { makeTemporaryFolder, type TemporaryFolder } from '../../shared/files/temporary-folder.ts';
import type { OpenDatabases } from '../databases.ts';
import { Problem } from '../problem.ts';
import { EVENT_STREAM, EventLog, eventStream } from '../route/event-log.ts';
import { extendPlan, moduleOptions } from './extensions.ts';
import { LOAD_PARAMETERS, readLoadQuery, refused } from './load-query.ts';
import type { Load, Loads } from './loads.ts';
import { planOf, refuseUnknownTable } from './plan.ts';
import { previewOf } from './preview.ts';
import {
  type Correction,
  prepareRetry,
  type Retry,
  rejectLines,
  rejectReasons,
  rejectsCsv,
  tablesOfRun,
} from './rejects.ts';
import { listRunViews, runView } from './run-view.ts';
import { PREVIEW, REASONS, RETRY, RUN, RUNS, STARTED } from './schemas.ts';
import { receive, UPLOAD_TYPES } from './upload.ts';

export interface LoadRouteParts {
  readonly project: Project;
  readonly databases: OpenDatabases;
  readonly loads: Loads;
  /** Of one request. */
  readonly maxUploadBytes: number;
}

const TAG = 'Loads';
const ALL = '/api/loads';
const ONE = `${ALL}/{run}`;

const NDJSON = 'application/x-ndjson';
const CSV = 'text/csv';

const DEFAULT_LIMIT = 20;
const MAX_LIMIT = 1000;
const DEFAULT_EXAMPLES = 3;

/** Corrections are typed, or come from a file of a person's size. */
const MAX_CORRECTION_BYTES = 16 * 1024 * 1024;

const RUN_PARAMS = { run: { type: 'string', description: 'The id of the run' } } as const;
const NO_RUN = { 404: { description: 'There is no such load' } } as const;
const BEGUN = {
  202: { description: 'The run has begun', schema: STARTED, headers: { Location: 'Its path' } },
} as const;
const ONLY_TABLE = { type: 'string', description: 'Only those of this table' } as const;

export function loadRoutes(parts: LoadRouteParts): readonly Route[] {
  return [upload(parts), preview(parts), ...runRoutes(parts), ...rejectRoutes(parts)];
}

function upload(parts: LoadRouteParts): Route {
  const { modules } = parts.project;
  const added = Object.fromEntries(Object.entries(moduleOptions(modules)).map(([name, one]) => [name, one.parameter]));
  return {
    id: 'startLoad',
    method: 'PUT',
    path: ALL,
    role: 'operate',
    summary: 'Uploads files and loads them, as populate does',
    description:
      'The body is the file of one table, of any size, or a multipart form whose parts are named after their tables. The same upload continues a run that was stopped.',
    tag: TAG,
    query: { ...LOAD_PARAMETERS, ...added },
    body: { form: 'stream', mediaTypes: UPLOAD_TYPES, schema: { type: 'string', format: 'binary' } },
    answers: {
      ...BEGUN,
      404: { description: 'There is no such table' },
      413: { description: 'The upload is larger than the server takes' },
      507: { description: 'The disk of the server is full' },
    },
    handle: (call) => startUpload(parts, call),
  };
}

async function startUpload({ project, databases, loads, maxUploadBytes }: LoadRouteParts, call: Call): Promise<Answer> {
  const query = readLoadQuery(call.query);
  const declared = databases.declarations();
  if (query.table !== undefined) {
    // before its file is received
    refuseUnknownTable(declared, query.table);
  }
  const folder = await makeTemporaryFolder('upload');
  return begin(call, folder, async () => {
    const files = await receive(call, query, folder.path, maxUploadBytes);
    const plan = await extendPlan(project.modules, call.query, planOf(project, declared, files, query));
    const { allOrNothing = project.defaults?.allOrNothing ?? false } = query;
    const maxRejects = query.maxRejects ?? project.defaults?.maxRejects;
    return loads.start(
      {
        ...plan,
        onConflict: query.onConflict ?? 'reject',
        allOrNothing,
        restart: query.restart,
        dryRun: query.dryRun,
        ...(maxRejects === undefined ? {} : { maxRejects }),
        ...project.defaults?.limits,
        ...(project.databaseModule === undefined ? {} : { databaseModule: project.databaseModule }),
      },
      () => folder.remove(),
    );
  });
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
    answers: { 200: { description: 'How it would be read', schema: PREVIEW } },
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

/** @param folder removed when nothing begins; else the load removes it */
async function begin(call: Call, folder: TemporaryFolder, start: () => Promise<Load>): Promise<Answer> {
  try {
    const { run } = await start();
    call.note(`run ${run}`);
    const location = `${ALL}/${run}`;
    return { status: 202, headers: { location }, body: { run, events: `${location}/events` } };
  } catch (error) {
    await folder.remove();
    throw error;
  }
}

function runRoutes({ databases, loads }: LoadRouteParts): readonly Route[] {
  return [
    {
      id: 'listLoads',
      method: 'GET',
      path: ALL,
      role: 'read',
      summary: 'Lists the runs of populate, over HTTP or not, the newest first',
      tag: TAG,
      query: {
        limit: { type: 'integer', minimum: 1, maximum: MAX_LIMIT, description: `Runs (default: ${DEFAULT_LIMIT})` },
      },
      answers: { 200: { description: 'The runs', schema: RUNS } },
      handle: async ({ query: { limit = DEFAULT_LIMIT } }) => ({
        body: await listRunViews(databases, Number(limit), (run) => loads.find(run)),
      }),
    },
    {
      id: 'readLoad',
      method: 'GET',
      path: ONE,
      role: 'read',
      summary: 'Reads a run: its tables, their states and counts',
      tag: TAG,
      params: RUN_PARAMS,
      answers: { 200: { description: 'The run', schema: RUN }, ...NO_RUN },
      handle: async ({ params: { run = '' } }) => ({ body: await runView(databases, run, loads.find(run)) }),
    },
    {
      id: 'followLoad',
      method: 'GET',
      path: `${ONE}/events`,
      role: 'read',
      summary: 'Streams the events of a run as server-sent events, until its end',
      description:
        'With Last-Event-ID the stream goes on after that event. A run that this server does not run has one event, ended.',
      tag: TAG,
      params: RUN_PARAMS,
      headers: { 'last-event-id': { type: 'string', description: 'The id of the last event that was received' } },
      answers: { 200: { description: 'The events', schema: { type: 'string' }, mediaType: EVENT_STREAM }, ...NO_RUN },
      isEndless: true,
      async handle({ params: { run = '' }, headers, signal }) {
        const load = loads.find(run);
        const events = load?.events ?? endedWith(await runView(databases, run, load));
        return {
          headers: { 'content-type': EVENT_STREAM, 'x-accel-buffering': 'no' },
          body: eventStream(events, headers['last-event-id'], signal),
        };
      },
    },
    {
      id: 'cancelLoad',
      method: 'POST',
      path: `${ONE}/cancel`,
      role: 'operate',
      summary: 'Stops a run of this server after its current batch',
      description: 'The same upload continues it.',
      tag: TAG,
      params: RUN_PARAMS,
      answers: { 202: { description: 'It stops' }, ...NO_RUN, 409: { description: 'This server does not run it' } },
      async handle({ params: { run = '' }, note }) {
        note(`run ${run}`);
        if (!loads.cancel(run)) {
          await runView(databases, run, loads.find(run));
          throw new Problem(409, 'conflict', `The load ${run} is not running in this server.`);
        }
        return { status: 202 };
      },
    },
  ];
}

function endedWith(view: unknown): EventLog {
  const log = new EventLog();
  log.add('ended', view);
  log.end();
  return log;
}

function rejectRoutes(parts: LoadRouteParts): readonly Route[] {
  const { databases } = parts;
  return [
    {
      id: 'readRejects',
      method: 'GET',
      path: `${ONE}/rejects`,
      role: 'read',
      summary: 'Reads the rejected records of a run, as lines that can be loaded again, or as CSV',
      tag: TAG,
      params: RUN_PARAMS,
      query: {
        table: ONLY_TABLE,
        format: { type: 'string', enum: ['ndjson', 'csv'], description: 'csv is for one table (default: ndjson)' },
      },
      answers: { 200: { description: 'The rejects', schema: { type: 'string' }, mediaType: NDJSON }, ...NO_RUN },
      async handle({ params: { run = '' }, query: { table, format } }) {
        const tables = await tablesOfRun(databases, run, table as string | undefined);
        const [only, other] = tables;
        if (format !== 'csv') {
          return { headers: { 'content-type': NDJSON }, body: rejectLines(tables) };
        }
        if (only === undefined || other !== undefined) {
          throw refused(`Name one table for CSV: ${tables.map((one) => one.table.name).join(', ')}.`);
        }
        return { headers: { 'content-type': `${CSV}; charset=utf-8` }, body: rejectsCsv(only) };
      },
    },
    {
      id: 'readRejectReasons',
      method: 'GET',
      path: `${ONE}/rejects/reasons`,
      role: 'read',
      summary: 'Groups the rejected records of a run by their reasons, the most frequent first',
      tag: TAG,
      params: RUN_PARAMS,
      query: {
        table: ONLY_TABLE,
        examples: {
          type: 'integer',
          minimum: 0,
          maximum: 100,
          description: `Records of each reason (default: ${DEFAULT_EXAMPLES})`,
        },
      },
      answers: { 200: { description: 'The reasons', schema: REASONS }, ...NO_RUN },
      async handle({ params: { run = '' }, query: { table, examples = DEFAULT_EXAMPLES } }) {
        const tables = await tablesOfRun(databases, run, table as string | undefined);
        return { body: { run, tables: await rejectReasons(tables, Number(examples)) } };
      },
    },
    {
      id: 'retryRejects',
      method: 'POST',
      path: `${ONE}/retry`,
      role: 'operate',
      summary: 'Loads rejected records of a run again, corrected or as they are',
      description:
        'With the columns and settings of that run. Those that are rejected again are kept with the new run.',
      tag: TAG,
      params: RUN_PARAMS,
      body: { schema: RETRY, isOptional: true, maxBytes: MAX_CORRECTION_BYTES },
      answers: { ...BEGUN, ...NO_RUN, 409: { description: 'The run is not over' } },
      handle: (call) => startRetry(parts, call),
    },
  ];
}

async function startRetry({ project, databases, loads }: LoadRouteParts, call: Call): Promise<Answer> {
  const { table: only, records } = (call.body ?? {}) as { table?: string; records?: readonly Correction[] };
  const tables = await tablesOfRun(databases, call.params['run'] ?? '', only);
  if (records !== undefined && tables.length > 1) {
    throw new Problem(
      422,
      'invalid',
      `Name the table of the corrected records: ${tables.map(({ table }) => table.name).join(', ')}.`,
    );
  }
  const folder = await makeTemporaryFolder('retry');
  return begin(call, folder, async () => {
    const retries: Retry[] = [];
    for (const one of tables) {
      retries.push(await prepareRetry(one, records, folder.path));
    }
    const names = retries.map(({ table }) => table.name);
    const by = <T>(value: (retry: Retry) => T) =>
      Object.fromEntries(retries.map((one, index) => [names[index] ?? '', value(one)]));
    return loads.start(
      {
        catalog: databases.declarations(),
        sources: by(({ source }) => source),
        columns: by(({ settings }) => settings.columns),
        values: by(({ settings }) => settings.values ?? {}),
        onConflict: retries[0]?.settings.onConflict ?? 'reject',
        ...project.defaults?.limits,
        ...(project.databaseModule === undefined ? {} : { databaseModule: project.databaseModule }),
      },
      async (report) => {
        await forgetLoaded(retries, report);
        await folder.remove();
      },
    );
  });
}

/** Where a load was stopped, the same request continues it and needs them still. */
async function forgetLoaded(retries: readonly Retry[], report: PopulateReport | undefined): Promise<void> {
  for (const { table, forget } of retries) {
    const of = report?.databases[table.name];
    if (of !== undefined && !of.isUnfinished && of.failure === undefined) {
      await forget();
    }
  }
}
