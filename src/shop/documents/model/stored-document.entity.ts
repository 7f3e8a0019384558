/** The document of a checkout, in a document store in tables: a few columns for queries, and the whole document as JSON. */
import { EntityName } from '@mikro-orm/core';
import { Entity, Index, Property } from '@mikro-orm/decorators/legacy';
import { InstantType } from '../../../types.ts';
import { RegionRecord } from '../../columns.ts';

@Entity({ tableName: 'order_documents' })
@Index({ name: 'order_documents_user_index', properties: ['userId'] })
@Index({ name: 'order_documents_placed_at_index', properties: ['placedAt'] })
export class StoredDocument extends RegionRecord {
  declare readonly [EntityName]?: 'StoredDocument';

  @Property({ type: 'integer' })
  userId!: number;

  /** ISO 8601, UTC. */
  @Property({ type: InstantType })
  placedAt!: string;

  @Property({ type: 'json' })
  document!: unknown;
}
