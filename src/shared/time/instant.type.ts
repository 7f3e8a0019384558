/** The MikroORM type of a point in time: the same text on the entity and in the column, on every engine. */
import { Type } from '@mikro-orm/core';
import { canonicalInstant } from './instant.ts';
import { INSTANT_PATTERN } from './patterns.ts';

/** The MikroORM type of a point in time: `"2010-12-01T08:26:00.000Z"` on the entity and in the column, so that it sorts by time on every engine. */
export class InstantType extends Type<string | null, string | null> {
  /** Files write points in time in several ways, which their settings describe. */
  readonly reads = 'instant';

  override getColumnType(): string {
    return 'text';
  }

  override compareAsType(): string {
    return 'string';
  }

  override ensureComparable(): boolean {
    return false;
  }

  /** The canonical form of a time. A custom type with this method can be populated from files. */
  fromText(text: string): string | undefined {
    return canonicalInstant(text);
  }

  /** The JSON Schema of the text that `fromText` reads. */
  jsonSchema(): object {
    return { type: 'string', pattern: `^\\s*(?:${INSTANT_PATTERN})\\s*$` };
  }
}
