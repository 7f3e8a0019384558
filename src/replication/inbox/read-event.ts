/** Reads an event: checks its envelope, and lets the projection read its content. */
import { envelopeProblem } from '../events/envelope.ts';
import { UnreadableError } from '../events/payload.ts';
import { standInProblem } from '../events/stand-in.ts';
import type { ShippedEvent } from '../transport/transport.ts';
import type { Origin, Projection } from './projection.ts';

export type Reading<Content> =
  | { readonly kind: 'readable'; readonly content: Content }
  /** The reason is for people and has no full stop. */
  | { readonly kind: 'unreadable'; readonly error: string };

/** Does not throw for an event that cannot be read. */
export function readEvent<Content>(
  projection: Pick<Projection<Content>, 'read'>,
  origin: Origin,
  event: ShippedEvent,
): Reading<Content> {
  const problem = standInProblem(event);
  if (problem !== undefined) {
    return unreadable(problem);
  }
  try {
    const content = projection.read(origin, event);
    const broken = envelopeProblem(event);
    return broken === undefined ? { kind: 'readable', content } : unreadable(broken);
  } catch (error) {
    if (error instanceof UnreadableError) {
      return unreadable(error.message);
    }
    throw error;
  }
}

function unreadable(error: string): Reading<never> {
  return { kind: 'unreadable', error };
}
