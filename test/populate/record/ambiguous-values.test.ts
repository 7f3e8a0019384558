/** A file with ambiguous numbers or dates is refused without the values of hidden columns. */
import { expect, test } from '@jest/globals';
import { Entity, PrimaryKey, Property } from '@mikro-orm/decorators/legacy';
import { refuseAmbiguous } from '../../../src/populate/record/ambiguous-values.ts';
import { Columns } from '../../../src/populate/record/columns.ts';
import { shapeOf } from '../../../src/populate/record/shape.ts';
import { metadataOf } from '../../support/metadata.ts';

@Entity()
class Wage {
  @PrimaryKey({ type: 'integer' })
  id!: number;

  @Property({ type: 'decimal', precision: 9, scale: 2, hidden: true })
  amount!: string;

  @Property({ type: 'date', hidden: true })
  since!: string;
}

const shape = shapeOf(metadataOf(Wage));

test.each([
  ['its numbers seem to have a decimal comma, so (hidden) can be a whole number or not', ['1,50', ''], ['1.234', '']],
  ['the full stop in (hidden) can be a decimal sign or group digits', ['1.234', ''], ['5.678', '']],
  ['(hidden) can be read with the day or the month first', ['', '03/04/2026'], ['', '04/05/2026']],
])('%s', (sentence, ...values) => {
  const rows = values.map((fields, index) => ({ line: index + 2, fields: [String(index), ...fields] }));
  const refuse = () =>
    refuseAmbiguous('w.csv', shape, new Columns(shape), ['id', 'amount', 'since'], { rows, delimiter: ';' }, {});
  expect(refuse).toThrow(`w.csv: ${sentence} (line 2: (hidden), line 3: (hidden))`);
});
