/** The rows of a list, read page by page while scrolling. */
import { useCallback, useEffect, useRef, useState } from 'preact/hooks';
import { type ApiError, onReconnected, read } from '../frame/api.ts';
import type { Row } from '../frame/description.ts';
import { asApiError, isAskedAgain } from '../frame/use-answer.ts';

interface Page {
  readonly rows: readonly Row[];
  readonly next: string | null;
  readonly total?: number;
}

export interface Rows {
  /** The rows read so far; `undefined` before the first page. */
  readonly rows: readonly Row[] | undefined;
  readonly isEnd: boolean;
  readonly total: number | undefined;
  readonly error: ApiError | undefined;
  /** Reads the next page, unless one is being read. */
  more(): void;
}

interface State {
  readonly path: string | undefined;
  readonly rows?: readonly Row[];
  readonly next?: string | null;
  readonly total?: number | undefined;
  readonly error?: ApiError;
}

/** @param path of the first page; if it is `undefined`, nothing is read */
export function useRows(path: string | undefined): Rows {
  const [state, setState] = useState<State>({ path });
  const reading = useRef<AbortController | undefined>(undefined);
  const load = useCallback((from: string, before: State) => {
    const leaving = new AbortController();
    reading.current = leaving;
    read<Page>(from, leaving.signal).then(
      ({ rows, next, total = before.total }) => {
        reading.current = undefined;
        setState({ path: before.path, rows: [...(before.rows ?? []), ...rows], next, total });
      },
      (error: unknown) => {
        if (!leaving.signal.aborted) {
          reading.current = undefined;
          setState({ ...before, error: asApiError(error) });
        }
      },
    );
  }, []);
  useEffect(() => {
    setState({ path });
    if (path !== undefined) {
      load(path, { path });
    }
    return () => reading.current?.abort();
  }, [path, load]);
  const isUnanswered = isAskedAgain(state.error);
  useEffect(
    () => (isUnanswered ? onReconnected(() => load(path ?? '', { path })) : undefined),
    [isUnanswered, path, load],
  );
  const current: State = state.path === path ? state : { path };
  const more = () => {
    if (path !== undefined && current.next && current.error === undefined && reading.current === undefined) {
      load(afterPath(path, current.next), current);
    }
  };
  return { rows: current.rows, isEnd: current.next === null, total: current.total, error: current.error, more };
}

/** The path of the next page, without the total, which the first page includes. */
function afterPath(path: string, next: string): string {
  const [base = '', query = ''] = path.split('?');
  const parameters = new URLSearchParams(query);
  parameters.set('after', next);
  parameters.delete('total');
  return `${base}?${parameters}`;
}
