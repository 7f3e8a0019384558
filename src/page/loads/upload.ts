/** Uploads files with progress events, which `fetch` does not support. */
import { type ApiError, errorOf, parsed, ApiError as UploadError, withQuery } from '../frame/api.ts';
import type { Chosen } from './files.ts';

export interface Started {
  readonly run: string;
}

/** @param onProgress called with the sent share of the request, from 0 to 1 @throws ApiError */
export function upload(
  chosen: readonly Chosen[],
  query: Readonly<Record<string, string | undefined>>,
  onProgress: (done: number) => void,
): Promise<Started> {
  const form = new FormData();
  for (const { table, file } of chosen) {
    form.append(table, file, file.name);
  }
  const request = new XMLHttpRequest();
  const { promise, resolve, reject } = Promise.withResolvers<Started>();
  const fail = (error: ApiError) => reject(error);
  request.upload.onprogress = ({ loaded, total, lengthComputable }) => {
    if (lengthComputable) {
      onProgress(loaded / total);
    }
  };
  request.onload = () => {
    const body = parsed(request.responseText);
    if (request.status === 202) {
      resolve(body as Started);
    } else if (request.status === 200) {
      fail(new UploadError(200, 'Earlier loads have loaded these files, and the config loads new ones only.'));
    } else {
      fail(errorOf(request.status, body));
    }
  };
  request.onerror = () =>
    fail(new UploadError(0, 'The upload was cut off. Upload the same files again: the load continues.'));
  request.open('PUT', withQuery('/api/loads', query));
  request.send(form);
  return promise;
}
