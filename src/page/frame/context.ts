/** The context of all screens. */
import { createContext } from 'preact';
import { useContext } from 'preact/hooks';
import type { Description } from './description.ts';
import type { Place } from './place.ts';
import type { Received } from './series.ts';
import type { StreamState } from './stream.ts';

export interface Who {
  readonly name: string;
  readonly role: 'read' | 'operate' | 'admin' | null;
  readonly isLocal: boolean;
}

export interface Frame {
  readonly who: Who;
  readonly place: Place;
  readonly description: Description;
  /** Reloads the description, for example after a load has created a database. */
  describeAgain(): void;
  /** State name -> newest value. */
  readonly live: Readonly<Record<string, unknown>>;
  /** State name -> values since the page was opened, the newest last. */
  readonly history: Readonly<Record<string, readonly Received[]>>;
  /** When the last state was received, which is the end of charts. */
  readonly now: number;
  readonly stream: StreamState;
}

export const FrameContext = createContext<Frame | undefined>(undefined);

export function useFrame(): Frame {
  const frame = useContext(FrameContext);
  if (frame === undefined) {
    throw new Error('A screen is outside of the frame.');
  }
  return frame;
}

/** Whether the user may change data. */
export function useMayWrite(): boolean {
  return useFrame().who.role !== 'read';
}

/** A state from the stream: its value, or the reason why it is unknown, or neither before it is received. */
export function useLive<T>(name: string): { readonly value?: T; readonly error?: string } {
  const state = useFrame().live[name] as (T & { readonly error?: string }) | undefined;
  if (state === undefined) {
    return {};
  }
  return typeof state === 'object' && 'error' in state ? { error: String(state.error) } : { value: state };
}
