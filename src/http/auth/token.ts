/** The text of a token or of a session cookie: a public id and 256 random bits, of which only a digest is stored. */

import { createHash, timingSafeEqual } from 'node:crypto';
import { randomBytes } from '../../shared/environment.ts';

const ID_BYTES = 8;
const SECRET_BYTES = 32;

const TEXT = /^([a-z]{3})_([0-9a-f]{16})_([A-Za-z0-9_-]{43})$/;

/** The prefix of the text, by which scanners find leaked secrets. */
export type Prefix = 'mrd' | 'mrs';

export interface NewSecret {
  readonly id: string;
  /** Shown once, and stored nowhere. */
  readonly text: string;
  readonly hash: string;
}

export function newSecret(prefix: Prefix): NewSecret {
  const id = randomBytes(ID_BYTES).toString('hex');
  const secret = randomBytes(SECRET_BYTES).toString('base64url');
  return { id, text: `${prefix}_${id}_${secret}`, hash: digestOf(secret) };
}

/** @returns the id and the digest; `undefined` for text that is not a secret of this kind */
export function readSecret(prefix: Prefix, text: string): { readonly id: string; readonly hash: string } | undefined {
  const [, kind, id = '', secret = ''] = TEXT.exec(text) ?? [];
  return kind === prefix ? { id, hash: digestOf(secret) } : undefined;
}

/** Compares in constant time. */
export function isSameDigest(a: string, b: string): boolean {
  const [one, other] = [Buffer.from(a, 'base64url'), Buffer.from(b, 'base64url')];
  return one.length === other.length && timingSafeEqual(one, other);
}

/** The secret has 256 random bits, so a slow hash is not needed. */
function digestOf(secret: string): string {
  return createHash('sha256').update(secret).digest('base64url');
}
