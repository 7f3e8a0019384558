/** Entity tags, which are the version of a row or a digest of it, and conditional requests. */
import { hash } from 'node:crypto';
import type { Values } from '../../database/values.ts';
import type { EntityShape } from '../../populate/record/shape.ts';
import { Problem } from '../problem.ts';
import { representationOf } from './representation.ts';

const DIGEST_CHARACTERS = 22;

/** @param text the representation of the row as JSON, if it is known already */
export function etagOf(shape: EntityShape, row: Values, text?: string): string {
  const { version } = shape;
  if (version !== undefined) {
    return `"${row[version.name]}"`;
  }
  const whole = text ?? JSON.stringify(representationOf(shape, row));
  return `"${hash('sha256', whole, 'base64url').slice(0, DIGEST_CHARACTERS)}"`;
}

export interface Conditions {
  readonly ifMatch: string | undefined;
  readonly ifNoneMatch: string | undefined;
}

export function conditionsIn(headers: Readonly<Record<string, string | undefined>>): Conditions {
  return { ifMatch: headers['if-match'], ifNoneMatch: headers['if-none-match'] };
}

/** Whether a read can be answered with 304. @throws Problem 412 where If-Match names another version */
export function isKnown(etag: string, { ifMatch, ifNoneMatch }: Conditions): boolean {
  refuseUnmatched(ifMatch, etag);
  return ifNoneMatch !== undefined && matches(ifNoneMatch, etag, true);
}

/**
 * Evaluates the conditions in the order of RFC 9110, section 13.2.2: If-Match, and then If-None-Match.
 *
 * @param row the current row; `undefined` where there is none
 * @throws Problem 428 for a change of a versioned row without If-Match, 412 where a condition fails
 */
export function checkConditions(
  shape: EntityShape,
  row: Values | undefined,
  { ifMatch, ifNoneMatch }: Conditions,
): void {
  const etag = row && etagOf(shape, row);
  refuseUnmatched(ifMatch, etag);
  if (ifNoneMatch !== undefined && etag !== undefined && matches(ifNoneMatch, etag, true)) {
    throw failed('The row is there already, and If-None-Match asks for a new one.');
  }
  // If-None-Match does not say which version the caller has read
  if (ifMatch === undefined && shape.version !== undefined && row !== undefined) {
    throw new Problem(
      428,
      'precondition',
      'To change a row that has a version, send If-Match with the ETag that the row was read with.',
    );
  }
}

/** @throws Problem 412 */
export function refuseUnmatched(ifMatch: string | undefined, etag: string | undefined): void {
  if (ifMatch !== undefined && (etag === undefined || !matches(ifMatch, etag, false))) {
    const found = etag === undefined ? 'there is no such row' : `its ETag is ${etag}`;
    throw failed(`If-Match names another version of the row: ${found}. Read it again, and repeat the change.`);
  }
}

function failed(detail: string): Problem {
  return new Problem(412, 'precondition', detail);
}

const ENTITY_TAG = /(?:W\/)?"[^"]*"/g;

/** @param header `*`, or entity tags @param isWeak whether weak tags count, as they do in If-None-Match */
export function matches(header: string, etag: string, isWeak: boolean): boolean {
  const tags = header.match(ENTITY_TAG) ?? [];
  return header.trim() === '*' || tags.some((one) => one === etag || (isWeak && one === `W/${etag}`));
}
