/** The parts of a rejected record that are needed to read it again. */
import type { RejectedRecord } from '../../loads/reject-line.ts';
import type { RawRecord } from '../read/source.ts';
import { type EntityShape, shapeFor } from '../record/shape.ts';

/** How to read a record again. */
export type Reading = Pick<RejectedRecord, 'record' | 'standard' | 'isSpaced'>;

export function readingOf(shape: EntityShape, { record, numbers, isSpaced, file }: RawRecord): Reading {
  const { properties } = shapeFor(shape, file);
  // without settings of notation, text and numbers are read alike
  const isWrittenOtherwise = numbers !== undefined && properties.some(({ coerce }) => coerce.standard !== undefined);
  return {
    record,
    ...(isWrittenOtherwise ? { standard: numbers } : {}),
    ...(isSpaced === true ? { isSpaced } : {}),
  };
}
