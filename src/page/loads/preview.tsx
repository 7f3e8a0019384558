import { useEffect, useState } from 'preact/hooks';
import { isObject } from '../../shared/json/members.ts';
import { type ApiError, ask, withQuery } from '../frame/api.ts';
import { Problem, Table } from '../frame/parts.tsx';
import { textOf } from '../frame/text.ts';
import { asApiError } from '../frame/use-answer.ts';
import { previewBytes, startOf } from './files.ts';
import { type Reading, readingQuery, SETTINGS } from './reading.ts';

interface Preview {
  readonly format: string | null;
  readonly columns: readonly string[] | null;
  readonly detected: readonly { readonly setting: string; readonly value: string; readonly why: string }[];
  readonly records: readonly unknown[];
  readonly problem: string | null;
}

interface Props {
  readonly file: File;
  readonly table: string;
  readonly reading: Reading;
}

/** Shows how the server reads the beginning of a file. */
export function FilePreview({ file, table, reading }: Props) {
  const [preview, setPreview] = useState<Preview | 'large'>();
  const [error, setError] = useState<ApiError>();
  useEffect(() => {
    const bytes = previewBytes(file.name, file.size);
    const show = (found: Preview | 'large') => {
      setError(undefined);
      setPreview(found);
    };
    if (bytes === undefined) {
      show('large');
      return;
    }
    const leaving = new AbortController();
    const read = async () => {
      const headers = { 'content-type': 'application/octet-stream' };
      const path = withQuery('/api/loads/preview', { table, name: file.name, ...readingQuery(reading) });
      return (await ask<Preview>('POST', path, { body: await startOf(file, bytes), headers, signal: leaving.signal }))
        .body;
    };
    // until then the earlier preview stays, so that nothing moves under the pointer
    read().then(show, (reason: unknown) => {
      if (!leaving.signal.aborted) {
        setError(asApiError(reason));
      }
    });
    return () => leaving.abort();
  }, [file, table, reading]);
  if (error !== undefined) {
    return (
      <>
        <Problem error={error} />
        <Hint sentence={error.message} />
      </>
    );
  }
  if (preview === undefined) {
    return <span class="quiet">Reading its beginning …</span>;
  }
  if (preview === 'large') {
    return <span class="quiet">What it holds is detected when it is uploaded.</span>;
  }
  const { format, columns, detected, records, problem } = preview;
  return (
    <>
      <span>
        {format ?? 'format unknown'}
        {detected.map(({ setting, value, why }) => (
          <span key={setting}>
            , {setting} <code>{value}</code> <span class="quiet">because {why}</span>
          </span>
        ))}
      </span>
      {problem !== null && (
        <>
          <span class="wrong">{problem}</span>
          <Hint sentence={problem} />
        </>
      )}
      <FirstRecords name={file.name} columns={columns ?? columnsOf(records)} records={records} />
    </>
  );
}

/** Points to the fields for the command options that a message of the server names. */
export function Hint({ sentence }: { readonly sentence: string }) {
  const named = SETTINGS.filter(({ option }) => sentence.includes(option)).map(
    ({ label, option }) => `${option} is “${label}”`,
  );
  return named.length === 0 ? null : <span class="quiet">{named.join(', ')} under “How the files are read”.</span>;
}

/** The columns of records that name their own. */
function columnsOf(records: readonly unknown[]): readonly string[] {
  return [...new Set(records.flatMap((record) => (isObject(record) ? Object.keys(record) : [])))];
}

interface RecordsProps {
  readonly name: string;
  readonly columns: readonly string[];
  readonly records: readonly unknown[];
}

function FirstRecords({ name, columns, records }: RecordsProps) {
  if (columns.length === 0 || records.length === 0) {
    return <span class="quiet">It has no record.</span>;
  }
  return (
    <Table label={`First records of ${name}`} head={columns}>
      {records.map((record, index) => (
        <tr key={index}>
          {columns.map((column) => (
            <td key={column}>{isObject(record) ? textOf(record[column]) : ''}</td>
          ))}
        </tr>
      ))}
    </Table>
  );
}
