/** Sessions of the page: opened with a token, identified by a cookie, and valid no longer than the token. */
import type { Database } from '../../database/database.ts';
import { withRetry } from '../../database/retry.ts';
import { sessionTable } from '../state/tables.ts';
import { isSameDigest, newSecret, readSecret } from './token.ts';
import { findTokenById, type Token } from './tokens.ts';

export const SESSION_COOKIE = 'meridian_session';

const IN_COOKIES = new RegExp(`(?:^|;) *${SESSION_COOKIE}=([^;]*)`);

const SESSION_HOURS = 12;

export interface NewSession {
  /** The value of the cookie. */
  readonly text: string;
  readonly expiresAt: Date;
}

/** @param cookies the `Cookie` header @returns the value of the session cookie */
export function sessionIn(cookies: string | undefined): string | undefined {
  return cookies === undefined ? undefined : IN_COOKIES.exec(cookies)?.[1];
}

export async function openSession(database: Database, token: Token, now: Date): Promise<NewSession> {
  const latest = new Date(now.getTime() + SESSION_HOURS * 3_600_000);
  const expiresAt = token.expiresAt === null || new Date(token.expiresAt) > latest ? latest : new Date(token.expiresAt);
  const { id, text, hash } = newSecret('mrs');
  await withRetry(database, async () => {
    const em = database.fork();
    await em.nativeDelete(sessionTable, { expiresAt: { $lte: now.toISOString() } });
    await em.insert(sessionTable, {
      id,
      hash,
      tokenId: token.id,
      createdAt: now.toISOString(),
      expiresAt: expiresAt.toISOString(),
    });
  });
  return { text, expiresAt };
}

/** @returns the token that the session was opened with, if both are still valid */
export async function findSession(database: Database, text: string, now: Date): Promise<Token | undefined> {
  const given = readSecret('mrs', text);
  const row = given && (await database.fork().findOne(sessionTable, { id: given.id }));
  const isValid = row && isSameDigest(row.hash, given.hash) && row.expiresAt > now.toISOString();
  return isValid ? findTokenById(database, row.tokenId, now) : undefined;
}

export async function closeSession(database: Database, text: string): Promise<void> {
  const given = readSecret('mrs', text);
  if (given !== undefined) {
    await withRetry(database, () => database.fork().nativeDelete(sessionTable, { id: given.id, hash: given.hash }));
  }
}
