/** What a reject has of its record, so that it can be read again as it was. */
import type { RejectedRecord } from '../../loads/reject-line.ts';
import type { RawRecord } from '../read/source.ts';
import type { EntityShape } from '../record/shape.ts';

/** How a record is read again. */
export type Reading = Pick<RejectedRecord, 'record' | 'standard' | 'isSpaced'>;

export function readingOf({ properties }: EntityShape, { record, numbers, isSpaced }: RawRecord): Reading {
  // where no setting says how values are written, text is read as a number is
  const isWrittenOtherwise = numbers !== undefined && properties.some(({ coerce }) => coerce.standard !== undefined);
  return {
    record,
    ...(isWrittenOtherwise ? { standard: numbers } : {}),
    ...(isSpaced === true ? { isSpaced } : {}),
  };
}
