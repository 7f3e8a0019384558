/** Reads the audit log, the newest record first. */
import type { Database } from '../../database/database.ts';
import { type AuditRow, auditTable } from '../state/tables.ts';

export interface AuditRecord {
  readonly id: string;
  readonly at: string;
  readonly actor: { readonly id: string; readonly name: string; readonly role: string };
  readonly operation: string;
  readonly method: string;
  readonly path: string;
  readonly subject: string | null;
  /** `unknown`: the request is running, or its process died. */
  readonly outcome: 'done' | 'refused' | 'failed' | 'unknown';
  readonly status: number | null;
  readonly code: string | null;
  readonly finishedAt: string | null;
}

export interface AuditPage {
  readonly limit: number;
  /** Records older than the one with this id. */
  readonly before?: string | undefined;
  /** Records of the token with this id. */
  readonly actor?: string | undefined;
}

export async function readAudit(database: Database, { limit, before, actor }: AuditPage): Promise<AuditRecord[]> {
  const rows = await database
    .fork()
    .find(
      auditTable,
      { ...(before === undefined ? {} : { id: { $lt: before } }), ...(actor === undefined ? {} : { actorId: actor }) },
      { orderBy: { id: 'desc' }, limit },
    );
  return rows.map(recordOf);
}

function recordOf(row: AuditRow): AuditRecord {
  const { id, at, actorId, actorName, role, operation, method, path, subject, status, code, finishedAt } = row;
  const actor = { id: actorId, name: actorName, role };
  return { id, at, actor, operation, method, path, subject, outcome: outcomeOf(status), status, code, finishedAt };
}

function outcomeOf(status: number | null): AuditRecord['outcome'] {
  if (status === null) {
    return 'unknown';
  }
  return status < 400 ? 'done' : status < 500 ? 'refused' : 'failed';
}
