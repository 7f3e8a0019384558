/** Hooks for requests of screens, with their loading and error states. */
import { useCallback, useEffect, useState } from 'preact/hooks';
import { type Answered, ApiError, ask, onReconnected } from './api.ts';

export interface Loaded<T> {
  /** The last response, also during a reload. */
  readonly value: T | undefined;
  readonly etag: string | undefined;
  readonly error: ApiError | undefined;
  readonly isLoading: boolean;
  reload(): void;
}

interface State<T> {
  readonly path: string | undefined;
  readonly answer?: Answered<T>;
  readonly error?: ApiError;
  readonly isLoading: boolean;
}

/** @param path if it is `undefined`, no request is sent */
export function useAnswer<T>(path: string | undefined): Loaded<T> {
  const [state, setState] = useState<State<T>>({ path, isLoading: path !== undefined });
  const [turn, setTurn] = useState(0);
  // a new turn sends the request again
  useEffect(() => {
    if (path === undefined) {
      return;
    }
    const leaving = new AbortController();
    setState((before) => ({ ...(before.path === path ? before : {}), path, isLoading: true }));
    ask<T>('GET', path, { signal: leaving.signal }).then(
      (answer) => setState({ path, answer, isLoading: false }),
      (error: unknown) => {
        if (!leaving.signal.aborted) {
          const refused = asApiError(error);
          // after the login it is asked again, and what was typed into a form of the answer stays
          setState((before) => ({
            ...(refused.status === 401 && before.path === path ? before : {}),
            path,
            error: refused,
            isLoading: false,
          }));
        }
      },
    );
    return () => leaving.abort();
  }, [path, turn]);
  const reload = useCallback(() => setTurn((before) => before + 1), []);
  const isUnanswered = isAskedAgain(state.error);
  useEffect(() => (isUnanswered ? onReconnected(reload) : undefined), [isUnanswered, reload]);
  const isCurrent = state.path === path;
  return {
    value: isCurrent ? state.answer?.body : undefined,
    etag: isCurrent ? state.answer?.etag : undefined,
    error: isCurrent ? state.error : undefined,
    isLoading: !isCurrent || state.isLoading,
    reload,
  };
}

/** Whether there was no answer, or no session: both are asked again when the stream is open again. */
export function isAskedAgain(error: ApiError | undefined): boolean {
  return error?.status === 0 || error?.status === 401;
}

/** Converts any error, so that errors of the page itself are shown as well. */
export function asApiError(error: unknown): ApiError {
  return error instanceof ApiError ? error : new ApiError(0, String(error));
}

export interface Action {
  readonly isRunning: boolean;
  readonly error: ApiError | undefined;
  /** Runs work, and keeps an error to be shown. @returns whether it succeeded */
  run(work: () => Promise<void>): Promise<boolean>;
  clear(): void;
}

export function useAction(): Action {
  const [state, setState] = useState<{ readonly isRunning: boolean; readonly error?: ApiError }>({ isRunning: false });
  const clear = useCallback(() => setState({ isRunning: false }), []);
  const isRefused = state.error?.status === 401;
  // there is a session again
  useEffect(() => (isRefused ? onReconnected(clear) : undefined), [isRefused, clear]);
  return {
    isRunning: state.isRunning,
    error: state.error,
    clear,
    async run(work) {
      setState({ isRunning: true });
      try {
        await work();
        setState({ isRunning: false });
        return true;
      } catch (error) {
        setState({ isRunning: false, error: asApiError(error) });
        return false;
      }
    },
  };
}
