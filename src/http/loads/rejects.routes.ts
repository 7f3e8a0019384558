/** The routes of rejected records: read them, group them, and load them again. */
import type { Answer, Call, Route } from '../../config/route.ts';
import { retryOptions, tablesRetried } from '../../populate/rejects/retry.ts';
import type { PopulateReport } from '../../populate/report.ts';
import { makeTemporaryFolder } from '../../shared/files/temporary-folder.ts';
import { Problem } from '../problem.ts';
import { BEGUN, begin, type LoadRouteParts, NO_RUN, ONE, RUN_PARAMS, TAG } from './begin.ts';
import { refused } from './load-query.ts';
import {
  type Correction,
  prepareRetry,
  type Retry,
  rejectLines,
  rejectReasons,
  rejectsCsv,
  tablesOfRun,
  tablesToRetry,
} from './rejects.ts';
import { REASONS, RETRY } from './schemas.ts';

const NDJSON = 'application/x-ndjson';
const CSV = 'text/csv';
const DEFAULT_EXAMPLES = 3;

/** Corrections are typed by a person, or come from a file that a person has edited. */
const MAX_CORRECTION_BYTES = 16 * 1024 * 1024;
const ONLY_TABLE = { type: 'string', description: 'Only those of this table' } as const;

export function rejectRoutes(parts: LoadRouteParts): readonly Route[] {
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
      answers: {
        200: {
          description: 'The rejects',
          schema: { type: 'string' },
          mediaType: NDJSON,
          otherMediaTypes: [CSV],
          headers: {
            'Meridian-Changed-By-CSV':
              'Of CSV: how many of the records would be read otherwise from it, for it keeps neither what a number of JSON is beside decimal or thousands, nor white space that trim=none keeps',
          },
        },
        ...NO_RUN,
      },
      async handle({ params: { run = '' }, query: { table, format } }) {
        const tables = await tablesOfRun(databases, run, table as string | undefined);
        const [only, other] = tables;
        if (format !== 'csv') {
          return { headers: { 'content-type': NDJSON }, body: rejectLines(tables) };
        }
        if (only === undefined || other !== undefined) {
          throw refused(`Name one table for CSV: ${tables.map((one) => one.table.name).join(', ')}.`);
        }
        const { text, unlike } = await rejectsCsv(only);
        const headers = { 'content-type': `${CSV}; charset=utf-8`, 'meridian-changed-by-csv': String(unlike) };
        return { headers, body: text };
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
      answers: { 202: BEGUN[202], ...NO_RUN, 409: { description: 'The run is not over' } },
      handle: (call) => startRetry(parts, call),
    },
  ];
}

async function startRetry({ project, databases, loads }: LoadRouteParts, call: Call): Promise<Answer> {
  const { table: only, records } = (call.body ?? {}) as { table?: string; records?: readonly Correction[] };
  const run = call.params['run'] ?? '';
  const tables =
    records === undefined ? await tablesToRetry(databases, run, only) : await tablesOfRun(databases, run, only);
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
    return loads.start(
      {
        catalog: databases.declarations(),
        ...retryOptions(retries),
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

async function forgetLoaded(retries: readonly Retry[], report: PopulateReport | undefined): Promise<void> {
  const done = report === undefined ? [] : tablesRetried(report);
  for (const { table, forget } of retries) {
    if (done.includes(table)) {
      await forget();
    }
  }
}
