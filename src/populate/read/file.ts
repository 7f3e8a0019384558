/** A file, or standard input, as a source of records. */
import { createHash } from 'node:crypto';
import { closeSync, createWriteStream, fstatSync, openSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { MeridianError, messageOf } from '../../shared/errors.ts';
import { nameOf } from './bytes.ts';
import { openSeparated } from './csv.ts';
import { digestLabel, type FileSettings, refuseOtherSettings } from './dialect.ts';
import { contentOf, type ExaminedFile, examine, examinedBytes } from './examined-file.ts';
import { type Format, formatOf } from './format.ts';
import { openJson } from './json.ts';
import { openNdjson } from './ndjson.ts';
import { openFile, streamOf } from './opened-file.ts';
import type { OpenSource, Source } from './source.ts';
import { openText, STANDARD_INPUT, type TextInput } from './text.ts';

type Opener = (input: TextInput, settings: FileSettings) => OpenSource | Promise<OpenSource>;

const OPENERS: Readonly<Record<Format, Opener>> = {
  csv: (input) => openSeparated(input, ','),
  tsv: (input) => openSeparated(input, '\t'),
  json: openJson,
  ndjson: openNdjson,
};

/**
 * @param path of a file, or `-` for standard input
 * @param settings how it is read; without a format, its extension says that
 * @throws MeridianError `source` when neither gives a format; `usage` for a setting that is not for this format
 */
export function fileSource(path: string, settings: FileSettings = {}): Source {
  const name = nameOf(path);
  const { format = formatOf(path) } = settings;
  refuseOtherSettings(name, format, settings);
  return {
    name,
    ...(path === STANDARD_INPUT ? {} : { file: path }),
    open: async () => recordsOf(await openText(path, name), format, settings),
    async keep(directory) {
      const descriptor = await openOnce(path, name, directory);
      try {
        const examined = await examine(descriptor, name, digestLabel(format, settings));
        return {
          ...examinedSource({ name, format, settings, examined }),
          ...(path === STANDARD_INPUT ? {} : { file: path, identity: identityOf(descriptor) }),
          release: async () => closeSync(descriptor),
        };
      } catch (error) {
        closeSync(descriptor);
        throw error;
      }
    },
  };
}

function identityOf(descriptor: number): string {
  const { dev, ino } = fstatSync(descriptor, { bigint: true });
  return `${dev}:${ino}`;
}

interface FileArgument {
  readonly name: string;
  readonly format: Format;
  readonly settings: FileSettings;
  readonly examined: ExaminedFile;
}

function examinedSource(argument: FileArgument): Source {
  const { name, format, settings, examined } = argument;
  return {
    name,
    spec: { module: import.meta.url, argument },
    open: async () => recordsOf(await openText(examinedBytes(name, examined)), format, settings),
    content: () => Promise.resolve(contentOf(examined)),
  };
}

/** The source of a `spec`, in any thread. @public imported by the name of its module */
export const sourceFrom = examinedSource;

async function recordsOf(input: TextInput, format: Format, settings: FileSettings): Promise<OpenSource> {
  try {
    return await OPENERS[format](input, settings);
  } catch (error) {
    await input.close();
    throw error;
  }
}

/**
 * Opens a regular file, so that it stays the same when its name is reused. What can be read only once, as standard input and a named pipe,
 * is copied first.
 *
 * @returns its descriptor
 */
async function openOnce(path: string, name: string, directory: string): Promise<number> {
  const copy = join(directory, `${createHash('sha256').update(path).digest('hex')}.input`);
  if (path === STANDARD_INPUT) {
    return copied(name, process.stdin, copy);
  }
  const file = openFile(path, name);
  return file.size === undefined ? copied(name, streamOf(file), copy) : file.descriptor;
}

async function copied(name: string, stream: Readable, to: string): Promise<number> {
  let copy: number | undefined;
  try {
    copy = openSync(to, 'wx+');
    await pipeline(stream, createWriteStream('', { fd: copy, autoClose: false }));
    return copy;
  } catch (error) {
    if (copy !== undefined) {
      closeSync(copy);
    }
    throw new MeridianError('source', `${name} cannot be copied to ${to}: ${messageOf(error)}.`, { cause: error });
  }
}
