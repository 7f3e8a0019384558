/** The columns in which `rejects export` writes reasons for rejections to CSV. When the file is loaded, they are not part of the record. */
import { FieldRecord, SpacedRecord } from './field-record.ts';
import type { OpenSource, RawRecord } from './source.ts';

/** The first columns, in this order. */
export const REASON_COLUMNS = ['rejected_number', 'rejected_file', 'rejected_line', 'rejected_because'];

/** The text of rejects that could not be read as records. */
export const TEXT_COLUMN = 'rejected_text';

/** Rejects a row without any other value again, with its original reason, since it was not a record before. */
export function withoutReasons(open: OpenSource): OpenSource {
  const all = open.columns ?? [];
  if (!REASON_COLUMNS.every((name) => all.includes(name))) {
    return open;
  }
  const own = [...REASON_COLUMNS, TEXT_COLUMN];
  const indexes = [...all.keys()].filter((index) => !own.includes(all[index] ?? ''));
  const columns = indexes.map((index) => all[index] ?? '');
  const because = all.indexOf('rejected_because');
  const text = all.indexOf(TEXT_COLUMN);

  function toRecord(raw: RawRecord): RawRecord {
    if (!(raw instanceof FieldRecord)) {
      return raw;
    }
    const { number, line, file, numbers, fields: given } = raw;
    const fields = indexes.map((index) => given[index]);
    const reason = given[because];
    if (text !== -1 && fields.every(isEmpty) && typeof reason === 'string' && !isEmpty(reason)) {
      return { number, line, ...(file === undefined ? {} : { file }), record: given[text], problem: reason };
    }
    const Made = raw instanceof SpacedRecord ? SpacedRecord : FieldRecord;
    return new Made(number, line, columns, fields, file, numbers);
  }

  return {
    ...open,
    columns,
    ...(open.sample && {
      sample: open.sample.map(({ line, fields }) => ({ line, fields: indexes.map((index) => fields[index] ?? '') })),
    }),
    records: (async function* () {
      for await (const chunk of open.records) {
        yield chunk.map(toRecord);
      }
    })(),
  };
}

function isEmpty(value: unknown): boolean {
  return (value ?? '') === '' || (typeof value === 'string' && value.trim() === '');
}
