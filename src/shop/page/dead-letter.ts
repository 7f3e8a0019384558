/** A dead letter, and the preview of a retry. */
import { ask } from '../../page/module-values.ts';

export interface DeadLetter {
  readonly id: number;
  readonly region: string;
  readonly epoch: number;
  readonly seq: number;
  readonly error: string;
  readonly attempts: number;
  /** `null` while the event is still retried. */
  readonly parkedAt: string | null;
  readonly event: {
    readonly aggregate: string;
    readonly aggregateId: number;
    readonly aggregateVersion: number;
    readonly type: string;
    readonly payload: string;
    readonly occurredAt: string;
  };
}

export type Columns = Readonly<Record<string, string | number | null>>;

export interface Preview {
  readonly result: 'applied' | 'refused' | 'gone';
  readonly reason: string | null;
  readonly central: Columns | null;
  readonly after: Columns | null;
  /** `undefined` if the region cannot be read. */
  readonly region?: Columns | null;
}

export const LETTERS = '/api/shop/dead-letters';

export async function previewOf({ id }: DeadLetter): Promise<Preview> {
  return (await ask<Preview>('POST', `${LETTERS}/${id}/preview`)).body;
}

export function subjectOf({ event: { aggregate, aggregateId, type } }: DeadLetter): string {
  return `${aggregate} ${aggregateId} ${type}`;
}

/** A sentence about the effect of a retry. */
export function retrySentence(letter: DeadLetter, { result, reason, central, after }: Preview): string {
  const { aggregate, aggregateId } = letter.event;
  const row = `${aggregate} ${aggregateId}`;
  switch (result) {
    case 'refused':
      return `${subjectOf(letter)} is refused again: ${reason ?? 'the reason is unknown'}.`;
    case 'gone':
      return `${subjectOf(letter)} is no dead letter any more.`;
    default:
      if (after === null) {
        return `${subjectOf(letter)} is applied.`;
      }
      return central === null
        ? `${row} comes into central.`
        : changedColumns(central, after).length === 0
          ? `${row} stays as it is in central, which has it as new or newer.`
          : `${row} changes in central: ${changedColumns(central, after).map(columnWords).join(', ')}.`;
  }
}

/** A sentence about the effect of a discard. */
export function discardSentence(letter: DeadLetter, { central, region }: Preview): string {
  const { aggregate, aggregateId } = letter.event;
  const row = `${aggregate} ${aggregateId}`;
  const kept = central === null ? `Central stays without ${row}` : `Central keeps ${row} as it is`;
  if (region === undefined) {
    return `${kept}; what ${letter.region} has is unknown.`;
  }
  const isEqual = region === null ? central === null : central !== null && changedColumns(central, region).length === 0;
  return isEqual
    ? `${kept}, which is what ${letter.region} has.`
    : `${kept}, and differs from ${letter.region} until a newer event of it comes, or ${letter.region} is sent again.`;
}

/** @returns the columns in which two rows differ */
function changedColumns(before: Columns, after: Columns): readonly string[] {
  return Object.keys(after).filter((column) => before[column] !== after[column]);
}

/** A column name such as `unit_price_cents` in words. */
export function columnWords(column: string): string {
  return column.replace(/_cents$/, '').replaceAll('_', ' ');
}

/** The text of a column value; cents are shown as decimal amounts. */
export function columnText(column: string, value: string | number | null | undefined): string {
  if (value === null || value === undefined) {
    return '';
  }
  return column.endsWith('_cents')
    ? String(value)
        .padStart(3, '0')
        .replace(/(\d\d)$/, '.$1')
    : String(value);
}
