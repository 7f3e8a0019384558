/** Sends requests to the API of the server that serves the page. */
import { parseWrittenJson } from '../../shared/json/parse-written.ts';

export interface RecordError {
  readonly property: string | null;
  readonly code: string;
  readonly message: string;
}

/** An error response of the server: problem details of RFC 9457. */
export class ApiError extends Error {
  readonly status: number;
  readonly errors: readonly RecordError[];

  constructor(status: number, detail: string, errors: readonly RecordError[] = []) {
    super(detail);
    this.status = status;
    this.errors = errors;
  }
}

export interface Asked {
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  /** Error statuses whose responses are results, such as 503 of an incomplete sync. */
  readonly accepts?: readonly number[];
  readonly signal?: AbortSignal;
}

export interface Answered<T> {
  readonly body: T;
  readonly etag: string | undefined;
}

type Listener = () => void;

const unauthenticated = new Set<Listener>();

/**
 * Calls the listener whenever a request is refused because there is no session, or it has ended. @returns a function that removes the
 * listener
 */
export function onUnauthenticated(listener: Listener): () => void {
  unauthenticated.add(listener);
  return () => unauthenticated.delete(listener);
}

const reconnected = new Set<Listener>();

/**
 * Calls the listener whenever the server is reachable again, so that failed requests can be repeated. @returns a function that removes the
 * listener
 */
export function onReconnected(listener: Listener): () => void {
  reconnected.add(listener);
  return () => reconnected.delete(listener);
}

/** Called when the event stream is open again. */
export function reportReconnected(): void {
  for (const listener of reconnected) {
    listener();
  }
}

/** @throws ApiError, with status 0 if the server cannot be reached */
export async function ask<T>(method: string, path: string, asked: Asked = {}): Promise<Answered<T>> {
  const { body, headers = {}, accepts = [], signal } = asked;
  const type: Record<string, string> = body === undefined ? {} : { 'content-type': 'application/json' };
  let response: Response;
  try {
    response = await fetch(path, {
      method,
      headers: { ...type, ...headers },
      ...(body === undefined ? {} : { body: body instanceof Blob ? body : JSON.stringify(body) }),
      ...(signal === undefined ? {} : { signal }),
    });
  } catch {
    signal?.throwIfAborted();
    throw new ApiError(0, 'The server does not answer. Is it running? Start it with npx meridian serve.');
  }
  const text = await response.text();
  const value = parsed(text);
  if (!response.ok && !accepts.includes(response.status)) {
    throw errorOf(response.status, value);
  }
  return { body: value as T, etag: response.headers.get('etag') ?? undefined };
}

export async function read<T>(path: string, signal?: AbortSignal): Promise<T> {
  return (await ask<T>('GET', path, signal === undefined ? {} : { signal })).body;
}

/** Converts a response to an error. */
export function errorOf(status: number, value: unknown): ApiError {
  if (status === 401) {
    for (const listener of unauthenticated) {
      listener();
    }
  }
  const { detail, errors } = (value ?? {}) as { detail?: string; errors?: readonly RecordError[] };
  return new ApiError(status, detail ?? `The server answered with status ${status}.`, errors);
}

/** @throws ApiError for faults, like those of the server */
export function refuseFaults(faults: readonly RecordError[]): void {
  if (faults.length > 0) {
    throw new ApiError(422, `${faults.map(({ message }) => message).join('. ')}.`, faults);
  }
}

/** Parses JSON, keeping the exact text of numbers. Returns the text itself if it is not JSON. */
export function parsed(text: string): unknown {
  try {
    return text === '' ? undefined : parseWrittenJson(text);
  } catch {
    return text;
  }
}

/** Adds parameters to a path such as `/api/loads`, except those that are `undefined`. */
export function withQuery(path: string, query: Readonly<Record<string, string | number | undefined>>): string {
  const given = Object.entries(query).filter(([, value]) => value !== undefined);
  const text = new URLSearchParams(given.map(([name, value]) => [name, String(value)])).toString();
  return text === '' ? path : `${path}?${text}`;
}
