/** What every screen knows. */
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
  /** Asks for the description again, for example after a load has made a database. */
  describeAgain(): void;
  /** Name of a state -> its newest value. */
  readonly live: Readonly<Record<string, unknown>>;
  /** Name of a state -> its values since the page was opened, the newest last. */
  readonly history: Readonly<Record<string, readonly Received[]>>;
  /** When the last state was received: where charts end. */
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

/** A state as the stream has it: its value, why it is unknown, or nothing yet. */
export function useLive<T>(name: string): { readonly value?: T; readonly error?: string } {
  const state = useFrame().live[name] as (T & { readonly error?: string }) | undefined;
  if (state === undefined) {
    return {};
  }
  return typeof state === 'object' && 'error' in state ? { error: String(state.error) } : { value: state };
}
