/**
 * The tables of the server: tokens, sessions and the audit log. They are in a separate database, so that a load, which blocks the writers
 * of its database, never blocks the authentication and audit records of requests.
 */
import { type EntityName, EntitySchema } from '@mikro-orm/core';
import { createTable, type OwnTables, together } from '../../database/own-tables.ts';

export interface TokenRow {
  /** The public part of the token. */
  id: string;
  name: string;
  role: string;
  /** SHA-256 of the secret part, in base64url. */
  hash: string;
  /** ISO 8601, UTC, like all times here. */
  createdAt: string;
  expiresAt: string | null;
  revokedAt: string | null;
}

export interface SessionRow {
  /** The public part of the cookie. */
  id: string;
  /** SHA-256 of the secret part. */
  hash: string;
  /** The token that opened the session. */
  tokenId: string;
  createdAt: string;
  expiresAt: string;
}

export interface AuditRow {
  /** The id of the request. Ids of later requests compare as greater. */
  id: string;
  at: string;
  actorId: string;
  actorName: string;
  role: string;
  /** The id of the operation, such as `deleteRow`. */
  operation: string;
  method: string;
  path: string;
  /** What the operation noted, such as the id of a run. */
  subject: string | null;
  /** The status of the response; `null` while the request is running, or if the process died. */
  status: number | null;
  /** The code of the problem, if the response was one. */
  code: string | null;
  finishedAt: string | null;
}

const TEXT = { type: 'text' } as const;
const OPTIONAL_TEXT = { type: 'text', nullable: true } as const;
const KEY = { type: 'text', primary: true } as const;

export const tokenTable = new EntitySchema<TokenRow>({
  name: 'ServerToken',
  tableName: 'meridian_token',
  properties: {
    id: KEY,
    name: TEXT,
    role: TEXT,
    hash: TEXT,
    createdAt: TEXT,
    expiresAt: OPTIONAL_TEXT,
    revokedAt: OPTIONAL_TEXT,
  },
});

export const sessionTable = new EntitySchema<SessionRow>({
  name: 'ServerSession',
  tableName: 'meridian_session',
  properties: { id: KEY, hash: TEXT, tokenId: TEXT, createdAt: TEXT, expiresAt: TEXT },
});

export const auditTable = new EntitySchema<AuditRow>({
  name: 'ServerAudit',
  tableName: 'meridian_audit',
  properties: {
    id: KEY,
    at: TEXT,
    actorId: TEXT,
    actorName: TEXT,
    role: TEXT,
    operation: TEXT,
    method: TEXT,
    path: TEXT,
    subject: OPTIONAL_TEXT,
    status: { type: 'integer', nullable: true },
    code: OPTIONAL_TEXT,
    finishedAt: OPTIONAL_TEXT,
  },
});

export const serverTables: OwnTables = {
  name: 'server',
  entities: () => [tokenTable, sessionTable, auditTable] as EntityName<object>[],
  tables: () => ['meridian_token', 'meridian_session', 'meridian_audit'],
  migrations: () => [
    together(
      createTable(
        'meridian_token',
        {
          id: 'text',
          name: 'text',
          role: 'text',
          hash: 'text',
          created_at: 'text',
          expires_at: 'text?',
          revoked_at: 'text?',
        },
        ['id'],
      ),
      createTable(
        'meridian_session',
        { id: 'text', hash: 'text', token_id: 'text', created_at: 'text', expires_at: 'text' },
        ['id'],
      ),
      createTable(
        'meridian_audit',
        {
          id: 'text',
          at: 'text',
          actor_id: 'text',
          actor_name: 'text',
          role: 'text',
          operation: 'text',
          method: 'text',
          path: 'text',
          subject: 'text?',
          status: 'whole?',
          code: 'text?',
          finished_at: 'text?',
        },
        ['id'],
      ),
    ),
  ],
};
