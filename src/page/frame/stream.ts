/** The event stream of the page. It is open while the page is visible, and is reopened after a failure. */
import { parsed, reportReconnected } from './api.ts';

export type StreamState = 'connecting' | 'live' | 'paused' | 'lost';

export interface StreamListener {
  stateChanged(state: StreamState): void;
  received(name: string, value: unknown): void;
  /** Called when the server has refused the stream, for example because the session has ended. It is retried nevertheless. */
  refused(): void;
}

const FIRST_DELAY_MILLISECONDS = 1000;
const MAX_DELAY_MILLISECONDS = 30_000;

/** @returns a function that closes the stream */
export function follow(path: string, names: readonly string[], listener: StreamListener): () => void {
  let source: EventSource | undefined;
  let waiting: ReturnType<typeof setTimeout> | undefined;
  let refusals = 0;
  const open = () => {
    waiting = undefined;
    const opened = new EventSource(path);
    source = opened;
    opened.onopen = () => {
      refusals = 0;
      listener.stateChanged('live');
      reportReconnected();
    };
    opened.onerror = () => {
      listener.stateChanged('lost');
      // the browser reopens a stream that has ended, but not one that was refused
      if (opened.readyState === EventSource.CLOSED) {
        source = undefined;
        waiting = setTimeout(open, delayAfter(refusals++));
        listener.refused();
      }
    };
    for (const name of names) {
      opened.addEventListener(name, ({ data }) => listener.received(name, parsed(String(data))));
    }
  };
  const close = () => {
    source?.close();
    source = undefined;
    clearTimeout(waiting);
    waiting = undefined;
  };
  const change = () => {
    if (document.visibilityState === 'hidden') {
      close();
      listener.stateChanged('paused');
    } else if (source === undefined) {
      close();
      listener.stateChanged('connecting');
      open();
    }
  };
  document.addEventListener('visibilitychange', change);
  change();
  return () => {
    document.removeEventListener('visibilitychange', change);
    close();
  };
}

/** The delay, which doubles with each refusal. */
function delayAfter(refusals: number): number {
  return Math.min(FIRST_DELAY_MILLISECONDS * 2 ** refusals, MAX_DELAY_MILLISECONDS);
}
