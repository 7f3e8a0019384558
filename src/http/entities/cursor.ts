/** Cursors of lists: the position where a page has ended, as opaque text. */
import type { Position } from '../../database/row-page.ts';
import { Problem } from '../problem.ts';

/**
 * - `rows`: rows with a value in the sort property
 * - `nulls`: rows without one, which come last
 */
export type Phase = 'rows' | 'nulls';

export interface Cursor {
  /** The value of `sort`: a cursor of another order is refused. */
  readonly sort: string;
  readonly phase: Phase;
  /** `undefined` at the beginning of the phase. */
  readonly position: Position | undefined;
}

export function writeCursor({ sort, phase, position }: Cursor): string {
  return Buffer.from(JSON.stringify([sort, phase, position ?? null])).toString('base64url');
}

/** @param properties the number of sort properties in each phase @throws Problem 404 */
export function readCursor(text: string, sort: string, properties: Readonly<Record<Phase, number>>): Cursor {
  const [ofSort, phase, position] = parsed(text);
  const isPhase = phase === 'rows' || phase === 'nulls';
  if (ofSort !== sort || !isPhase || !isPosition(position, properties[phase as Phase])) {
    throw new Problem(
      404,
      'unknown',
      'after is not the end of a page of this list. Take it from "next" of the page before, with the same sort.',
    );
  }
  return { sort, phase, position: position ?? undefined };
}

function parsed(text: string): readonly unknown[] {
  try {
    const value: unknown = JSON.parse(Buffer.from(text, 'base64url').toString());
    return Array.isArray(value) ? value : [];
  } catch {
    // not a cursor
    return [];
  }
}

function isPosition(value: unknown, length: number): value is Position | null {
  const isCell = (one: unknown) =>
    (typeof one === 'string' && !one.includes('\0') && one.isWellFormed()) || Number.isFinite(one);
  return value === null || (Array.isArray(value) && value.length === length && value.every(isCell));
}
