/** The report of a populate that was stopped because too many records were rejected. */
import type { Reason } from '../../loads/ledger.ts';
import { RunStore } from '../../loads/run-store.ts';
import { MeridianError } from '../../shared/errors.ts';
import { shown } from '../../shared/text/visible.ts';
import { begunLoad, type Participant } from '../participant.ts';
import { groupRejects, type RejectExample } from './group-rejects.ts';
import type { RejectLimit } from './reject-limit.ts';
import { valueFinder } from './rejected-value.ts';

/** Maximum number of reasons that it names. */
const TOP_REASONS = 3;

interface Example {
  readonly file: string;
  readonly line: number;
  readonly value: unknown;
}

/** A frequent reason for rejections. */
export interface FrequentReason extends Pick<Reason, 'property' | 'code' | 'count' | 'message'> {
  readonly table: string;
  readonly example?: Example;
}

/** Too many records were rejected: the run was stopped. */
export interface ExceededLimit {
  /** As specified: `50`, `1%`. */
  readonly limit: string;
  /** Across all tables. */
  readonly read: number;
  readonly rejected: number;
  /** Up to three, most frequent first. */
  readonly reasons: readonly FrequentReason[];
  readonly error: MeridianError;
}

/** @param isKept whether the rows loaded until then are kept, so that the run can be continued */
export async function limitReport(
  limit: RejectLimit,
  participants: readonly Participant[],
  isKept: boolean,
): Promise<ExceededLimit> {
  const { read, rejected } = limit.counts;
  const all = participants.flatMap((one) =>
    (begunLoad(one)?.progress.ledger.reasons ?? []).map((reason) => ({ one, reason })),
  );
  const top = all.toSorted((a, b) => b.reason.count - a.reason.count).slice(0, TOP_REASONS);
  const reasons: FrequentReason[] = [];
  for (const [one, some] of Map.groupBy(top, (each) => each.one)) {
    reasons.push(
      ...(await withExamples(
        one,
        some.map(({ reason }) => reason),
      )),
    );
  }
  reasons.sort((a, b) => b.count - a.count);
  const next = isKept
    ? 'The run is stopped, and what it has loaded stays in. npx meridian rejects show shows all of them. To go on, run the same command again with a higher --max-rejects; where a file has been corrected, add --restart.'
    : 'Nothing is kept.';
  const sentence = `${rejected} of ${read} records were rejected, more than --max-rejects ${limit.text} allows. ${next}`;
  return {
    limit: limit.text,
    read,
    rejected,
    reasons,
    error: new MeridianError('rejects', [sentence, ...reasons.map(reasonLine)].join('\n')),
  };
}

async function withExamples(one: Participant, reasons: readonly Reason[]): Promise<FrequentReason[]> {
  const { table, em, shape } = one;
  const load = begunLoad(one);
  if (load === undefined) {
    return [];
  }
  const isOf = (reason: Pick<Reason, 'property' | 'code'>) => (other: Pick<Reason, 'property' | 'code'>) =>
    other.property === reason.property && other.code === reason.code;
  const groups = await groupRejects(new RunStore(table).rejects(em, load.progress.run), valueFinder(shape), 1, (some) =>
    reasons.every((reason) => some.some(isOf(reason))),
  );
  return reasons.map((reason) => {
    const { property, code, count, message } = reason;
    const example = groups.find(isOf(reason))?.examples[0];
    return {
      table: table.name,
      property,
      code,
      count,
      message: example?.message ?? message,
      ...(example && { example: placeOf(example, load.source.name) }),
    };
  });
}

function placeOf({ file, line, value }: RejectExample, source: string): Example {
  return { file: file ?? source, line, value };
}

/** `  12 orders: Quantity must be positive (orders.csv, line 7, quantity "-3")` */
function reasonLine({ table, property, count, message, example }: FrequentReason): string {
  const place =
    example === undefined
      ? ''
      : ` (${example.file}, line ${example.line}${property === null ? '' : `, ${property} ${valueText(example.value)}`})`;
  return `  ${count} ${table}: ${message}${place}`;
}

/** A value for a sentence: as JSON, shortened. */
export function valueText(value: unknown): string {
  return value === undefined ? 'is missing' : shown(JSON.stringify(value));
}
