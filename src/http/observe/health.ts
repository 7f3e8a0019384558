/** The liveness and readiness of the process. */
import type { Route } from '../../config/route.ts';
import type { Database } from '../../database/database.ts';
import { isThere } from '../../database/open-migrated.ts';
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
    databases: {
      type: 'object',
      description: 'Only for callers with a role',
      additionalProperties: { enum: ['ok', 'missing', 'failing'] },
    },
  },
  required: ['status'],
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

/**
 * @param state the database of the server itself
 * @param needed names of databases that must exist; others, such as those of regions, may be created later
 */
export function healthRoutes(state: Database, databases: OpenDatabases, needed: readonly string[]): readonly Route[] {
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
    async handle({ actor }) {
      const names = databases.names();
      const checks = await Promise.all([
        canBeRead(() => Promise.resolve(state)).then((status) => [state.name, status] as const),
        ...names.map(async (name) => [name, await statusOf(databases, name)] as const),
      ]);
      const isReady = checks.every(
        ([name, status]) => status === 'ok' || (status === 'missing' && !needed.includes(name)),
      );
      return {
        status: isReady ? 200 : 503,
        body: {
          status: isReady ? 'ok' : 'failing',
          ...(actor.role === undefined ? {} : { databases: Object.fromEntries(checks) }),
        },
      };
    },
  };
  return [livez, readyz];
}

type Status = 'ok' | 'missing' | 'failing';

async function statusOf(databases: OpenDatabases, name: string): Promise<Status> {
  const status = await canBeRead(() => databases.open(name));
  if (status === 'ok') {
    return status;
  }
  const exists = await isThere(databases.declarationOf(name)).catch(() => true);
  return exists ? 'failing' : 'missing';
}

async function canBeRead(open: () => Promise<Database>): Promise<Status> {
  try {
    await (await open()).fork().execute('select 1');
    return 'ok';
  } catch {
    // the reason is in the log of the request that needs the database
    return 'failing';
  }
}
