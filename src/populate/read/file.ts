/** A file, or standard input, as a source of records. */
import { createHash } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { join } from 'node:path';
import process from 'node:process';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { MeridianError, messageOf } from '../../errors.ts';
import { nameOf, openHandle } from './bytes.ts';
import { contentOf, type ExaminedFile, examine, examinedBytes } from './examined-file.ts';
import { type Format, formatOf } from './format.ts';
import { openJson } from './json.ts';
import { openNdjson } from './ndjson.ts';
import { openSeparated } from './separated.ts';
import type { OpenSource, Source } from './source.ts';
import { openText, STANDARD_INPUT, type TextInput } from './text.ts';

const OPENERS: Readonly<Record<Format, (input: TextInput) => OpenSource | Promise<OpenSource>>> = {
  csv: (input) => openSeparated(input, ','),
  tsv: (input) => openSeparated(input, '\t'),
  json: openJson,
  ndjson: openNdjson,
};

/**
 * @param path of a file, or `-` for standard input
 * @param format instead of the one that the path's extension tells
 * @throws MeridianError `source` when neither tells a format
 */
export function fileSource(path: string, format: Format = formatOf(path)): Source {
  const name = nameOf(path);
  return {
    name,
    ...(path === STANDARD_INPUT ? {} : { file: path }),
    open: async () => recordsOf(await openText(path, name), format),
    async keep(directory) {
      const handle = await openOnce(path, name, directory);
      try {
        const examined = await examine(handle, name, `${format}\n`);
        return {
          ...examinedSource({ name, format, examined }),
          ...(path === STANDARD_INPUT ? {} : { file: path }),
          release: () => handle.close(),
        };
      } catch (error) {
        await handle.close();
        throw error;
      }
    },
  };
}

interface FileArgument {
  readonly name: string;
  readonly format: Format;
  readonly examined: ExaminedFile;
}

function examinedSource(argument: FileArgument): Source {
  const { name, format, examined } = argument;
  return {
    name,
    spec: { module: import.meta.url, argument },
    open: async () => recordsOf(await openText(examinedBytes(name, examined)), format),
    content: () => Promise.resolve(contentOf(examined)),
  };
}

/** The source that a `spec` stands for, in whatever thread. */
export const sourceFrom = examinedSource;

async function recordsOf(input: TextInput, format: Format): Promise<OpenSource> {
  try {
    return await OPENERS[format](input);
  } catch (error) {
    await input.close();
    throw error;
  }
}

/**
 * A regular file that stays the same one, whatever becomes of its name: the file itself, or a copy of what can be read only once, as standard
 * input and a named pipe can.
 */
async function openOnce(path: string, name: string, directory: string): Promise<FileHandle> {
  const copy = join(directory, `${createHash('sha256').update(path).digest('hex')}.input`);
  if (path === STANDARD_INPUT) {
    return copied(name, process.stdin, copy);
  }
  const { handle, size } = await openHandle(path, name);
  return size === undefined ? copied(name, handle.createReadStream(), copy) : handle;
}

async function copied(name: string, stream: Readable, to: string): Promise<FileHandle> {
  let copy: FileHandle | undefined;
  try {
    copy = await open(to, 'wx+');
    // a stream of the handle's own that does not close it would keep it from being closed at all
    await pipeline(stream, createWriteStream('', { fd: copy.fd, autoClose: false }));
    return copy;
  } catch (error) {
    await copy?.close();
    throw new MeridianError('source', `${name} cannot be copied to ${to}: ${messageOf(error)}.`, { cause: error });
  }
}
