/** The outcomes of one batch, in the forms in which they are counted, reported and stored. */
import type { Values } from '../../database/values.ts';
import type { Entry, Outcome } from '../../loads/ledger.ts';
import { type LineSpan, spanOf } from '../../loads/line-span.ts';
import type { RejectedRecord } from '../../loads/reject-line.ts';
import type { RawRecord } from '../read/source.ts';
import { type EntityShape, textOf } from '../record/shape.ts';
import type { Validated } from '../record/validate.ts';
import { readingOf } from '../rejects/rejected-record.ts';
import { toRowBefore } from '../resume/stored-rows.ts';
import type { Decision } from './classify.ts';

export interface BatchResult {
  /** The record numbers, in order. */
  readonly numbers: readonly number[];
  /** The first lines of its first and last record. */
  readonly lines: LineSpan;
  /** The outcome of each record, in order. */
  readonly outcomes: readonly Outcome[];
  /** Records that were written, or were unchanged, in order. */
  readonly accepted: readonly Values[];
  /** The values of updated rows before the update, as JSON. */
  readonly before: readonly Values[];
  /** For records whose targets do not exist yet: the primary key, and the keys of these targets. */
  readonly deferred: readonly Values[];
  readonly rejects: readonly RejectedRecord[];
  /** Entries of all records while each is reported, else of rejected ones. */
  readonly entries: readonly Entry[];
}

/**
 * @param decisions the decisions on the valid records, in order
 * @param isDetailed whether every record is reported
 */
export function batchResult(
  shape: EntityShape,
  batch: readonly RawRecord[],
  validated: readonly Validated[],
  decisions: readonly Decision[],
  isDetailed: boolean,
): BatchResult {
  const { primaryKey } = shape;
  const outcomes: Outcome[] = [];
  const accepted: Values[] = [];
  const before: Values[] = [];
  const deferred: Values[] = [];
  const rejects: RejectedRecord[] = [];
  const entries: Entry[] = [];
  const idOf = (entity: Values) => primaryKey.shown(primaryKey.of(entity));
  let next = 0;
  for (const [index, raw] of batch.entries()) {
    const one = validated[index] as Validated;
    const decision = 'entity' in one ? (decisions[next++] as Decision) : undefined;
    const entity = 'entity' in one ? (decision?.record ?? one.entity) : undefined;
    const outcome = decision?.outcome ?? 'rejected';
    outcomes.push(outcome);
    if (decision?.before) {
      before.push(toRowBefore(shape, decision.before, decision.stored));
    }
    if (entity && outcome !== 'rejected') {
      const row = decision?.row ?? entity;
      if (decision?.deferred) {
        deferred.push({ ...primaryKey.rowOf(primaryKey.of(row)), ...decision.deferred });
      }
      accepted.push(row);
      if (isDetailed) {
        const { number, file, line } = raw;
        entries.push({
          number,
          ...(file === undefined ? {} : { file }),
          line,
          outcome,
          id: idOf(row),
          text: textOf(shape, row),
          errors: [],
        });
      }
      continue;
    }
    const errors = 'errors' in one ? one.errors : (decision?.errors ?? []);
    const { number, file, line, map } = raw;
    rejects.push({ number, file, line, ...readingOf(shape, raw), errors, map });
    entries.push({
      number,
      ...(file === undefined ? {} : { file }),
      line,
      outcome,
      id: 'errors' in one ? one.id : entity && idOf(entity),
      text: '',
      errors,
    });
  }
  const numbers = batch.map(({ number }) => number);
  return { numbers, lines: spanOf(batch), outcomes, accepted, before, deferred, rejects, entries };
}
