/** A file, or standard input, as a source of records. */
import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { type FileHandle, open, stat } from 'node:fs/promises';
import { join } from 'node:path';
import process from 'node:process';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { MeridianError, messageOf } from '../../errors.ts';
import { nameOf } from './bytes.ts';
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

/** Bytes that are hashed at a time. */
const HASHED_BYTES = 1024 * 1024;

/**
 * @param path of a file, or `-` for standard input
 * @param format instead of the one that the path's extension tells
 * @throws MeridianError `source` when neither tells a format
 */
export function fileSource(path: string, format: Format = formatOf(path)): Source {
  const name = nameOf(path);
  const source = textSource(name, path, format);
  return {
    ...source,
    ...(path === STANDARD_INPUT ? {} : { file: path }),
    async keep(directory) {
      if (path !== STANDARD_INPUT && !(await isPipe(path))) {
        return { ...source, file: path };
      }
      const copy = join(directory, `${createHash('sha256').update(path).digest('hex')}.input`);
      await copyStream(name, path === STANDARD_INPUT ? process.stdin : createReadStream(path), copy);
      return textSource(name, copy, format);
    },
  };
}

function textSource(name: string, path: string, format: Format): Source {
  return {
    name,
    spec: { module: import.meta.url, argument: { name, path, format } satisfies FileArgument },
    async open() {
      const input = await openText(path, name);
      try {
        return await OPENERS[format](input);
      } catch (error) {
        await input.close();
        throw error;
      }
    },
    async content() {
      const hash = createHash('sha256').update(`${format}\n`);
      // the same memory again and again: nothing of a large file waits for the garbage collector
      const buffer = Buffer.allocUnsafe(HASHED_BYTES);
      let file: FileHandle | undefined;
      try {
        file = await open(path);
        for (;;) {
          const { bytesRead } = await file.read(buffer);
          if (bytesRead === 0) {
            break;
          }
          hash.update(buffer.subarray(0, bytesRead));
        }
      } catch (error) {
        throw new MeridianError('source', `${name} cannot be read: ${messageOf(error)}.`, { cause: error });
      } finally {
        await file?.close();
      }
      return hash.digest('hex');
    },
  };
}

interface FileArgument {
  readonly name: string;
  readonly path: string;
  readonly format: Format;
}

/** The source that a `spec` stands for, in whatever thread. */
export function sourceFrom({ name, path, format }: FileArgument): Source {
  return textSource(name, path, format);
}

/** A named pipe, as a shell's `<(…)` makes one, gives what it holds only once. */
async function isPipe(path: string): Promise<boolean> {
  try {
    const stats = await stat(path);
    return !stats.isFile() && !stats.isDirectory();
  } catch {
    // whoever opens it says what is wrong with it
    return false;
  }
}

async function copyStream(name: string, stream: Readable, to: string): Promise<void> {
  try {
    await pipeline(stream, createWriteStream(to));
  } catch (error) {
    throw new MeridianError('source', `${name} cannot be copied to ${to}: ${messageOf(error)}.`, { cause: error });
  }
}
