/** The route of the audit log. */
import type { Route } from '../../config/route.ts';
import type { Database } from '../../database/database.ts';
import { readAudit } from './read-audit.ts';

const TEXT = { type: 'string' } as const;
const OPTIONAL_TEXT = { type: ['string', 'null'] } as const;

const RECORD = {
  type: 'object',
  properties: {
    id: TEXT,
    at: { type: 'string', format: 'date-time' },
    actor: { type: 'object', properties: { id: TEXT, name: TEXT, role: TEXT }, required: ['id', 'name', 'role'] },
    operation: TEXT,
    method: TEXT,
    path: TEXT,
    subject: OPTIONAL_TEXT,
    outcome: { enum: ['done', 'refused', 'failed', 'unknown'] },
    status: { type: ['integer', 'null'] },
    code: OPTIONAL_TEXT,
    finishedAt: { type: ['string', 'null'], format: 'date-time' },
  },
  required: ['id', 'at', 'actor', 'operation', 'method', 'path', 'subject', 'outcome', 'status', 'code', 'finishedAt'],
} as const;

const DEFAULT_LIMIT = 50;
const MAX_LIMIT = 1000;

export function auditRoutes(state: Database): readonly Route[] {
  return [
    {
      id: 'readAudit',
      method: 'GET',
      path: '/api/audit',
      role: 'admin',
      summary: 'Lists who wrote what, when and with which outcome, the newest first',
      tag: 'Access',
      query: {
        limit: { type: 'integer', minimum: 1, maximum: MAX_LIMIT, description: `Records (default: ${DEFAULT_LIMIT})` },
        before: { type: 'string', description: 'Only records older than the one with this id' },
        actor: { type: 'string', description: 'Only records of the token with this id' },
      },
      answers: {
        200: {
          description: 'The records',
          schema: {
            type: 'object',
            properties: { records: { type: 'array', items: RECORD } },
            required: ['records'],
          },
        },
      },
      async handle({ query: { limit = DEFAULT_LIMIT, before, actor } }) {
        const page = { limit: Number(limit), before: textOf(before), actor: textOf(actor) };
        return { body: { records: await readAudit(state, page) } };
      },
    },
  ];
}

function textOf(value: unknown): string | undefined {
  return value === undefined ? undefined : String(value);
}
