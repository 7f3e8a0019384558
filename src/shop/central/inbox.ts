/** The inbox of central. */
import type { Database } from '../../databases.ts';
import { Inbox } from '../../replication/index.ts';
import { centralProjection, type ProjectedContent } from './projection.ts';

/** @param central open, without pending migrations */
export function inboxOf(central: Database): Inbox<ProjectedContent> {
  return new Inbox(central, centralProjection);
}
