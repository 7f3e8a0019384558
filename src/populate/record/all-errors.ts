/** Collects the errors of a record, without those that follow from others. */
import type { Values } from '../../database/values.ts';
import type { RecordError } from '../../shared/rules/rules.ts';
import { invisibleIn } from '../../shared/text/visible.ts';
import type { Findings, Misfit } from './findings.ts';

/** @param broken errors of broken rules, of which those are dropped that follow from the findings */
export function allErrors(
  entity: Values,
  { errors, misfits }: Findings,
  broken: readonly RecordError[],
): RecordError[] {
  const unreadable = new Set(errors.map(({ property }) => property));
  const isUnread = ({ property }: RecordError) =>
    misfits.some((misfit) => misfit.property === property && misfit.code === 'parse');
  const all = [
    ...errors,
    ...broken.filter((error) => !unreadable.has(error.property) && !(isOfSize(error) && isUnread(error))),
  ];
  for (const { property, code, sentence } of misfits) {
    // rejects the value even if the entity has no rule for its type
    if (!all.some((error) => error.property === property)) {
      all.push({ property, code, message: sentence });
    }
  }
  const wrong = new Set(misfits.map(({ property }) => property));
  return withAdvice(
    all.map((error) => (wrong.has(error.property ?? '') ? withInvisible(error, entity) : error)),
    misfits,
  );
}

/** Whether an error with a default message says that a number is too large or too small, which cannot apply to a value that is no number. */
function isOfSize({ code, message }: RecordError): boolean {
  return (code === 'min' || code === 'max') && /^\S+ must not be (?:less|greater) than \S+, but is /.test(message);
}

/** Codes of errors about the type of a value. */
const KINDS = /^(?:parse|is(?:Int|Number|NumberString|Numeric|Decimal|Currency|Date|DateString|ISO8601|RFC3339))$/;

/** Adds advice on a setting that may be missing to one error per value: the one about its type, if there are several. */
function withAdvice(all: readonly RecordError[], misfits: readonly Misfit[]): RecordError[] {
  const advised = [...all];
  for (const { property, advice } of misfits) {
    const ofKind = all.findIndex((error) => error.property === property && KINDS.test(error.code));
    const at = ofKind === -1 ? all.findIndex((error) => error.property === property) : ofKind;
    const error = advised[at];
    if (error !== undefined && advice !== undefined) {
      advised[at] = { ...error, message: `${error.message} (${advice})` };
    }
  }
  return advised;
}

/** A number with a zero-width space looks like a number, so the error names that character. */
function withInvisible(error: RecordError, entity: Values): RecordError {
  const value = valueAt(entity, error.property ?? '');
  const invisible = typeof value === 'string' ? invisibleIn(value) : undefined;
  return invisible === undefined
    ? error
    : { ...error, message: `${error.message} (it holds the invisible character ${invisible})` };
}

/** @param path a path such as `address.street` */
function valueAt(entity: Values, path: string): unknown {
  return path.split('.').reduce((value: unknown, key) => (value as Values | null | undefined)?.[key], entity);
}
