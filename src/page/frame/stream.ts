/** The one stream of events that a page has. It is open while the page is visible, and opened again after a fault. */

export type StreamState = 'connecting' | 'live' | 'paused' | 'lost';

export interface StreamListener {
  stateChanged(state: StreamState): void;
  received(name: string, value: unknown): void;
}

/** What of the browser it uses. */
interface StreamParts {
  open(path: string): EventSource;
  readonly document: Document;
}

const browser: StreamParts = { open: (path) => new EventSource(path), document: globalThis.document };

/** @returns what ends it */
export function follow(path: string, names: readonly string[], listener: StreamListener, parts = browser): () => void {
  let source: EventSource | undefined;
  const open = () => {
    listener.stateChanged('connecting');
    source = parts.open(path);
    source.onopen = () => listener.stateChanged('live');
    // a stream that has ended is opened again by the browser itself
    source.onerror = () => listener.stateChanged('lost');
    for (const name of names) {
      source.addEventListener(name, ({ data }) => listener.received(name, JSON.parse(String(data))));
    }
  };
  const close = () => {
    source?.close();
    source = undefined;
  };
  const change = () => {
    if (parts.document.visibilityState === 'hidden') {
      close();
      listener.stateChanged('paused');
    } else if (source === undefined) {
      open();
    }
  };
  parts.document.addEventListener('visibilitychange', change);
  change();
  return () => {
    parts.document.removeEventListener('visibilitychange', change);
    close();
  };
}
