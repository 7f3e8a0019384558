/** Receives the files of a load: the body itself, or the parts of a multipart form, each named after its table. */
import { once } from 'node:events';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Call } from '../../config/route.ts';
import type { Format } from '../../populate/read/format.ts';
import { messageOf } from '../../shared/errors.ts';
import { importFor } from '../../shared/optional.ts';
import { shown } from '../../shared/text/visible.ts';
import { Problem } from '../problem.ts';
import { type LoadQuery, refused } from './load-query.ts';
import type { PlannedFile } from './plan.ts';
import { explained, isBrokenOff, limited, refuseTooLarge, type SpoolOptions, spool, stopping } from './spool.ts';

const MULTIPART = 'multipart/form-data';

/** Media type -> format; `undefined` for a type that does not imply one. */
const FORMAT_OF: Readonly<Record<string, Format | undefined>> = {
  'text/csv': 'csv',
  'text/tab-separated-values': 'tsv',
  'application/json': 'json',
  'application/x-ndjson': 'ndjson',
  'application/jsonl': 'ndjson',
  'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet': 'xlsx',
  'application/vnd.apache.parquet': 'parquet',
  'application/zip': undefined,
  'application/gzip': undefined,
  'application/zstd': undefined,
  'application/x-bzip2': undefined,
  'application/octet-stream': undefined,
};

export const UPLOAD_TYPES = [...Object.keys(FORMAT_OF), MULTIPART];

/** The maximum number of files in one form. */
const MAX_FILES = 100;

const MAX_NAME_CHARACTERS = 200;

/**
 * @param directory for the files
 * @param maxBytes the limit of the whole request
 * @throws Problem 400, 408, 413, 415, 422, 503 or 507
 */
export async function receive(
  { body, headers, signal }: Call,
  { table, name }: LoadQuery,
  directory: string,
  maxBytes: number,
): Promise<PlannedFile[]> {
  const stream = body as Readable | undefined;
  if (stream === undefined) {
    throw refused('The body is missing: send a file.');
  }
  await refuseTooLarge(headers['content-length'], directory, maxBytes);
  const type = essenceOf(headers['content-type']);
  if (type === MULTIPART) {
    return receiveParts(stream, headers['content-type'] ?? '', directory, { maxBytes, signal });
  }
  if (table === undefined) {
    throw refused('Name the table that the body is for: ?table=users.');
  }
  const path = join(directory, '0');
  await spool(stream, path, { maxBytes, signal });
  return [{ table, path, name: nameFor(table, name), format: FORMAT_OF[type] }];
}

/** A name for messages, made from text that the client chooses. It is never used as a path. */
function nameFor(table: string, given = ''): string {
  const name = shown(given.replace(/^.*[/\\]/s, '')).slice(0, MAX_NAME_CHARACTERS);
  return name === '' ? `the uploaded ${table}` : name;
}

function essenceOf(type = ''): string {
  return type.replace(/;.*/s, '').trim().toLowerCase();
}

async function receiveParts(
  stream: Readable,
  type: string,
  directory: string,
  { maxBytes, signal }: SpoolOptions,
): Promise<PlannedFile[]> {
  const { Busboy } = await importFor('Uploading several files in one request', () => import('@fastify/busboy'));
  const files: PlannedFile[] = [];
  const parts: Readable[] = [];
  const writing: Promise<void>[] = [];
  let problem: unknown;
  let parser: InstanceType<typeof Busboy>;
  try {
    parser = new Busboy({ headers: { 'content-type': type }, limits: { files: MAX_FILES, parts: MAX_FILES } });
  } catch {
    throw refused('The content-type of the form names no boundary.');
  }
  const fail = (error: unknown) => {
    problem ??= error;
    parser.destroy();
  };
  parser.on('file', (table, part, filename, _encoding, partType) => {
    const path = join(directory, String(files.length));
    files.push({ table, path, name: nameFor(table, filename), format: FORMAT_OF[essenceOf(partType)] });
    parts.push(part as Readable);
    const written = spool(part as Readable, path, { maxBytes, signal });
    writing.push(written);
    written.catch(fail);
  });
  parser.on('field', (field) => fail(refused(`The part "${field}" has no file name: each part is a file.`)));
  parser.on('filesLimit', () => fail(new Problem(413, 'size', `A form has up to ${MAX_FILES} files.`)));
  parser.on('partsLimit', () => fail(new Problem(413, 'size', `A form has up to ${MAX_FILES} parts.`)));
  try {
    const finished = once(parser, 'finish');
    finished.catch(() => undefined);
    await pipeline(stream, limited(maxBytes), parser, { signal });
  } catch (error) {
    problem ??= problemOfForm(error, signal);
    // the parser does not end the part that it was reading
    for (const part of parts) {
      part.destroy(problem as Error);
    }
  }
  await Promise.allSettled(writing);
  if (problem !== undefined) {
    throw isBrokenOff(stream) ? explained(stream.errored) : problem;
  }
  if (files.length === 0) {
    throw refused('The form has no file. Name a part after a table, such as users=@users.csv.');
  }
  return files;
}

function problemOfForm(error: unknown, signal: AbortSignal): Problem {
  if (error instanceof Problem) {
    return error;
  }
  return signal.aborted ? stopping() : refused(`The form cannot be read: ${messageOf(error)}.`);
}
