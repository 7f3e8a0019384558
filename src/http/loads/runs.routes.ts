/** The routes of runs: list, read, follow and cancel them. */
import type { Route } from '../../config/route.ts';
import { Problem } from '../problem.ts';
import { EVENT_SCHEMA, EVENT_STREAM, EventLog, eventStream } from '../route/event-log.ts';
import { ALL, type LoadRouteParts, NO_RUN, ONE, RUN_PARAMS, TAG } from './begin.ts';
import { listRunViews, runView } from './run-view.ts';
import { RUN, RUNS } from './schemas.ts';

const DEFAULT_LIMIT = 20;
const MAX_LIMIT = 1000;

export function runRoutes({ databases, loads }: LoadRouteParts): readonly Route[] {
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
        'With Last-Event-ID the stream continues after that event, or starts from the beginning if the server no longer has it. A run that this server does not run has one event, ended. A client that has received ended gets 204, after which a browser does not reconnect.',
      tag: TAG,
      params: RUN_PARAMS,
      headers: { 'last-event-id': { type: 'string', description: 'The id of the last event that was received' } },
      answers: {
        200: { description: 'The events', schema: EVENT_SCHEMA, mediaType: EVENT_STREAM },
        204: { description: 'The event of Last-Event-ID was the last one' },
        ...NO_RUN,
      },
      isEndless: true,
      async handle({ params: { run = '' }, headers, signal }) {
        const load = loads.find(run);
        const events = load?.events ?? endedWith(await runView(databases, run, load));
        const last = headers['last-event-id'];
        return events.isOver(last)
          ? { status: 204 }
          : {
              headers: { 'content-type': EVENT_STREAM, 'x-accel-buffering': 'no' },
              body: eventStream(events, last, signal),
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

/**
 * The event log of a run that this server does not run. Its event always has the same id, so that a client that reconnects does not get it
 * twice.
 */
function endedWith(view: unknown): EventLog {
  const log = new EventLog('stored');
  log.add('ended', view);
  log.end();
  return log;
}
