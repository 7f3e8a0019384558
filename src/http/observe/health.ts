/** Whether the process is alive, and whether it can answer. */
import type { Route } from '../../config/route.ts';
import type { Database } from '../../database/database.ts';
import type { OpenDatabases } from '../databases.ts';

const STATUS = {
  type: 'object',
  properties: { status: { enum: ['ok', 'failing'] } },
  required: ['status'],
} as const;

const READINESS = {
  type: 'object',
  properties: {
    ...STATUS.properties,
    databases: { type: 'object', additionalProperties: { enum: ['ok', 'failing'] } },
  },
  required: ['status', 'databases'],
} as const;

const livez: Route = {
  id: 'isAlive',
  method: 'GET',
  path: '/livez',
  role: 'public',
  summary: 'Answers as long as the process runs',
  tag: 'Server',
  answers: { 200: { description: 'The process runs', schema: STATUS } },
  handle: () => Promise.resolve({ body: { status: 'ok' } }),
};

/** @param state the database of the server itself */
export function healthRoutes(state: Database, databases: OpenDatabases): readonly Route[] {
  const readyz: Route = {
    id: 'isReady',
    method: 'GET',
    path: '/readyz',
    role: 'public',
    summary: 'Answers whether every database can be read',
    description: 'Reasons are in the log, and in the answers of routes that need the database.',
    tag: 'Server',
    answers: {
      200: { description: 'Every database can be read', schema: READINESS },
      503: { description: 'Some database cannot be read', schema: READINESS, mediaType: 'application/json' },
    },
    async handle() {
      const checks = await Promise.all([
        check(state.name, () => Promise.resolve(state)),
        ...databases.names().map((name) => check(name, () => databases.open(name))),
      ]);
      const isReady = checks.every(([, status]) => status === 'ok');
      return {
        status: isReady ? 200 : 503,
        body: { status: isReady ? 'ok' : 'failing', databases: Object.fromEntries(checks) },
      };
    },
  };
  return [livez, readyz];
}

async function check(name: string, open: () => Promise<Database>): Promise<readonly [string, 'ok' | 'failing']> {
  try {
    await (await open()).fork().execute('select 1');
    return [name, 'ok'];
  } catch {
    return [name, 'failing'];
  }
}
