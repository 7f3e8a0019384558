/** A dead letter: its event, compared with the rows in central and in its region. */
import { useEffect, useState } from 'preact/hooks';
import {
  type ApiError,
  asApiError,
  formatInstant,
  Problem,
  parsed,
  Table,
  useMayWrite,
  Waiting,
} from '../../page/module.tsx';
import {
  type Columns,
  columnText,
  columnWords,
  type DeadLetter,
  discardSentence,
  type Preview,
  previewOf,
  retrySentence,
  subjectOf,
} from './dead-letter.ts';

export function LetterDetail({ letter }: { readonly letter: DeadLetter }) {
  const mayWrite = useMayWrite();
  const { region, event } = letter;
  return (
    <section>
      <h2>
        {subjectOf(letter)}, in {region}
      </h2>
      <p class="wrong">{letter.error}</p>
      {mayWrite && <Effect letter={letter} />}
      <h3>Payload</h3>
      <p class="quiet">
        Version {event.aggregateVersion} of {event.aggregate} {event.aggregateId}, as it was on{' '}
        {formatInstant(event.occurredAt)} UTC
      </p>
      <pre>{indented(event.payload)}</pre>
    </section>
  );
}

/** Formats a payload, which may not be valid JSON. */
function indented(payload: string): string {
  const value = parsed(payload);
  return value === undefined || typeof value === 'string' ? payload : JSON.stringify(value, null, 2);
}

function Effect({ letter }: { readonly letter: DeadLetter }) {
  const [preview, setPreview] = useState<Preview>();
  const [error, setError] = useState<ApiError>();
  useEffect(() => {
    previewOf(letter).then(setPreview, (reason: unknown) => setError(asApiError(reason)));
  }, [letter]);
  if (preview === undefined) {
    return error === undefined ? <Waiting /> : <Problem error={error} />;
  }
  return (
    <>
      <dl class="effects">
        <dt>Apply again</dt>
        <dd>{retrySentence(letter, preview)}</dd>
        <dt>Discard</dt>
        <dd>{discardSentence(letter, preview)}</dd>
      </dl>
      <Sides letter={letter} preview={preview} />
    </>
  );
}

function Sides({
  letter,
  preview: { central, after, region, result },
}: {
  readonly letter: DeadLetter;
  readonly preview: Preview;
}) {
  const columns = [...new Set([central, after, region].flatMap((row) => Object.keys(row ?? {})))];
  if (columns.length === 0) {
    return null;
  }
  const cell = (column: string, row: Columns | null | undefined) =>
    row === undefined ? (
      <span class="none">unknown</span>
    ) : row === null ? (
      <span class="none">—</span>
    ) : (
      columnText(column, row[column])
    );
  return (
    <Table
      label={`${letter.event.aggregate} ${letter.event.aggregateId} in central and in ${letter.region}`}
      head={['Column', `In ${letter.region}`, 'In central now', ...(result === 'applied' ? ['After a retry'] : [])]}
    >
      {columns.map((column) => (
        <tr key={column}>
          <th scope="row">{columnWords(column)}</th>
          <td>{cell(column, region)}</td>
          <td>{cell(column, central)}</td>
          {result === 'applied' && <td>{cell(column, after)}</td>}
        </tr>
      ))}
    </Table>
  );
}
