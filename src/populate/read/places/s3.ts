/**
 * Reads files from S3 and compatible servers with the official client, including its credentials and variables such as AWS_ENDPOINT_URL.
 */
import { matchesGlob } from 'node:path';
import process from 'node:process';
import type { S3Client } from '@aws-sdk/client-s3';
import { MeridianError, messageOf } from '../../../shared/errors.ts';
import { importFor } from '../../../shared/optional.ts';
import { byNumbers } from './by-numbers.ts';
import { isPattern } from './place.ts';
import { RemoteFault, type RemotePart } from './remote-part.ts';

interface S3Place {
  readonly Bucket: string;
  readonly Key: string;
}

/** @throws MeridianError `usage` for a URL without a bucket and a key */
function placeOf(url: string): S3Place {
  const [, Bucket, Key] = /^s3:\/\/([^/]+)\/(.+)$/is.exec(url) ?? [];
  if (Bucket === undefined || Key === undefined) {
    throw new MeridianError(
      'usage',
      `${url} does not name a file. Write s3://bucket/key, or s3://bucket/prefix/*.csv.`,
    );
  }
  return { Bucket, Key };
}

function load() {
  return importFor('S3', () => import('@aws-sdk/client-s3'));
}

async function withClient<T>(work: (client: S3Client) => Promise<T>): Promise<T> {
  const { S3Client } = await load();
  const region = process.env['AWS_REGION'] ?? process.env['AWS_DEFAULT_REGION'] ?? 'us-east-1';
  // other servers expect the bucket in the path, not in the host name
  const isOther = (process.env['AWS_ENDPOINT_URL_S3'] ?? process.env['AWS_ENDPOINT_URL']) !== undefined;
  return work(new S3Client({ region, forcePathStyle: isOther, followRegionRedirects: true }));
}

/**
 * Expands a URL to files: itself, those under a prefix that ends with a slash, or those that match a pattern.
 *
 * @throws MeridianError `source` if the bucket cannot be listed, or contains none
 */
export async function expandS3(url: string): Promise<string[]> {
  const isFolder = url.endsWith('/');
  if (!isFolder && !isPattern(url)) {
    return [url];
  }
  const { Bucket, Key } = placeOf(isFolder ? `${url}*` : url);
  const Prefix = Key.replace(/[*?[{].*$/s, '');
  const found: string[] = [];
  try {
    const { paginateListObjectsV2 } = await load();
    await withClient(async (client) => {
      for await (const { Contents = [] } of paginateListObjectsV2({ client }, { Bucket, Prefix })) {
        found.push(
          ...Contents.flatMap(({ Key: key = '' }) => (!key.endsWith('/') && matchesGlob(key, Key) ? key : [])),
        );
      }
    });
  } catch (error) {
    throw error instanceof MeridianError
      ? error
      : new MeridianError('source', `${url} cannot be listed: ${sentenceOf(error)}.`, { cause: error });
  }
  if (found.length === 0) {
    throw new MeridianError('source', `No file matches ${url}.`);
  }
  return found.sort(byNumbers).map((key) => `s3://${Bucket}/${key}`);
}

/** @param version the entity tag of the bytes before `from` */
export async function openS3(url: string, from: number, version: string | undefined): Promise<RemotePart> {
  const place = placeOf(url);
  try {
    const { GetObjectCommand } = await load();
    return await withClient(async (client) => {
      const resumed = version === undefined ? {} : { IfMatch: version, Range: `bytes=${from}-` };
      const { Body, ContentLength, ETag } = await client.send(new GetObjectCommand({ ...place, ...resumed }));
      return {
        from: version === undefined ? 0 : from,
        bytes: Body as AsyncIterable<Uint8Array>,
        size: ContentLength === undefined ? undefined : (version === undefined ? 0 : from) + ContentLength,
        // some servers send no entity tag
        version: ETag || undefined,
      };
    });
  } catch (error) {
    const { $metadata } = error as { readonly $metadata?: { readonly httpStatusCode?: number } };
    const status = $metadata?.httpStatusCode ?? 0;
    if (status === 412) {
      throw new RemoteFault('it was changed while it was being read; run the same command again', { cause: error });
    }
    // the client itself retries transient errors
    throw error instanceof MeridianError || (status >= 400 && status < 500) || isOfCredentials(error)
      ? new RemoteFault(sentenceOf(error), { cause: error })
      : new Error(sentenceOf(error), { cause: error });
  }
}

function isOfCredentials(error: unknown): boolean {
  return /Credentials/.test((error as Error).name);
}

/** The error's message, or its name if the message is empty. */
function sentenceOf(error: unknown): string {
  const { name } = error as Error;
  const message = messageOf(error).replace(/[.]$/, '');
  const isSaid = message === '' || message === name || name === 'Error' || error instanceof MeridianError;
  return isSaid ? message || name : `${name}: ${message}`;
}
