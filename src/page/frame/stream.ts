/** The one stream of events that a page has. It is open while the page is visible, and opened again after a fault. */
import { parsed, reportReconnected } from './api.ts';

export type StreamState = 'connecting' | 'live' | 'paused' | 'lost';

export interface StreamListener {
  stateChanged(state: StreamState): void;
  received(name: string, value: unknown): void;
  /** The server answered that there is no stream, for example because the session has ended. It is asked again nevertheless. */
  refused(): void;
}

const FIRST_DELAY_MILLISECONDS = 1000;
const MAX_DELAY_MILLISECONDS = 30_000;

/** @returns what ends it */
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
      // a stream that has ended is opened again by the browser itself, one that is refused is not
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

/** Twice as long each time. */
function delayAfter(refusals: number): number {
  return Math.min(FIRST_DELAY_MILLISECONDS * 2 ** refusals, MAX_DELAY_MILLISECONDS);
}
