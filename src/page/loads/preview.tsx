import { useEffect, useState } from 'preact/hooks';
import { type ApiError, ask, withQuery } from '../frame/api.ts';
import { Problem } from '../frame/parts.tsx';
import { asApiError } from '../frame/use-answer.ts';
import { previewBytes, startOf } from './files.ts';

interface Preview {
  readonly format: string | null;
  readonly columns: readonly string[] | null;
  readonly detected: readonly { readonly setting: string; readonly value: string; readonly why: string }[];
  readonly records: readonly unknown[];
  readonly problem: string | null;
}

/** How the server reads the beginning of a file. */
export function FilePreview({ file, table }: { readonly file: File; readonly table: string }) {
  const [preview, setPreview] = useState<Preview | 'large'>();
  const [error, setError] = useState<ApiError>();
  useEffect(() => {
    setPreview(undefined);
    setError(undefined);
    const bytes = previewBytes(file.name, file.size);
    if (bytes === undefined) {
      setPreview('large');
      return;
    }
    const leaving = new AbortController();
    const read = async () => {
      const headers = { 'content-type': 'application/octet-stream' };
      const path = withQuery('/api/loads/preview', { table, name: file.name });
      return (await ask<Preview>('POST', path, { body: await startOf(file, bytes), headers, signal: leaving.signal }))
        .body;
    };
    read().then(setPreview, (reason: unknown) => {
      if (!leaving.signal.aborted) {
        setError(asApiError(reason));
      }
    });
    return () => leaving.abort();
  }, [file, table]);
  if (error !== undefined) {
    return <Problem error={error} />;
  }
  if (preview === undefined) {
    return <span class="quiet">Reading its beginning …</span>;
  }
  if (preview === 'large') {
    return <span class="quiet">What it holds is detected when it is uploaded.</span>;
  }
  const { format, columns, detected, problem } = preview;
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
      {columns !== null && <span class="quiet">Columns: {columns.join(', ')}</span>}
      {problem !== null && <span class="wrong">{problem}</span>}
    </>
  );
}
