/** The tokens of the server: created, listed, revoked, and found by their text. */

import type { Role } from '../../config/route.ts';
import type { Database } from '../../database/database.ts';
import { withRetry } from '../../database/retry.ts';
import { currentTime } from '../../shared/environment.ts';
import { MeridianError } from '../../shared/errors.ts';
import { type TokenRow, tokenTable } from '../state/tables.ts';
import { isSameDigest, newSecret, readSecret } from './token.ts';

export interface Token {
  readonly id: string;
  readonly name: string;
  readonly role: Role;
  readonly createdAt: string;
  readonly expiresAt: string | null;
  readonly revokedAt: string | null;
}

export interface NewToken {
  readonly role: Role;
  readonly name: string;
  readonly expiresAt?: Date;
}

const MAX_NAME = 100;

/**
 * @returns the token with its text, which is stored nowhere @throws MeridianError `usage` for a name that cannot be displayed on one line
 */
export async function createToken(
  database: Database,
  { role, name, expiresAt }: NewToken,
  now = currentTime(),
): Promise<Token & { readonly text: string }> {
  if (name.length > MAX_NAME || /[\p{Cc}\p{Cs}\p{Zl}\p{Zp}]/u.test(name)) {
    throw new MeridianError(
      'usage',
      `The name of a token has up to ${MAX_NAME} characters in one line. Give it another one.`,
    );
  }
  const { id, text, hash } = newSecret('mrd');
  const row: TokenRow = {
    id,
    name,
    role,
    hash,
    createdAt: now.toISOString(),
    expiresAt: expiresAt?.toISOString() ?? null,
    revokedAt: null,
  };
  await withRetry(database, () => database.fork().insert(tokenTable, row));
  return { ...tokenOf(row), text };
}

/** The oldest first. */
export async function listTokens(database: Database): Promise<readonly Token[]> {
  const rows = await database.fork().find(tokenTable, {}, { orderBy: { createdAt: 'asc', id: 'asc' } });
  return rows.map(tokenOf);
}

/** Revokes a token, which stays in the list. @throws MeridianError `usage` for an id that no token has */
export async function revokeToken(database: Database, id: string, now = currentTime()): Promise<Token> {
  const em = database.fork();
  const changed = await withRetry(database, () =>
    em.nativeUpdate(tokenTable, { id, revokedAt: null }, { revokedAt: now.toISOString() }),
  );
  const row = await database.fork().findOne(tokenTable, { id });
  if (row === null) {
    throw new MeridianError('usage', `There is no token with the id "${id}". List them with npx meridian token list.`);
  }
  return { ...tokenOf(row), ...(changed === 0 ? {} : { revokedAt: row.revokedAt }) };
}

/** Whether any token is valid. */
export async function hasValidToken(database: Database, now = currentTime()): Promise<boolean> {
  const tokens = await listTokens(database);
  return tokens.some((token) => isValid(token, now));
}

/** @returns the valid token that has this text */
export async function findToken(database: Database, text: string, now: Date): Promise<Token | undefined> {
  const given = readSecret('mrd', text);
  if (given === undefined) {
    return undefined;
  }
  const row = await database.fork().findOne(tokenTable, { id: given.id });
  return row !== null && isSameDigest(row.hash, given.hash) && isValid(row, now) ? tokenOf(row) : undefined;
}

export async function findTokenById(database: Database, id: string, now: Date): Promise<Token | undefined> {
  const row = await database.fork().findOne(tokenTable, { id });
  return row !== null && isValid(row, now) ? tokenOf(row) : undefined;
}

function isValid({ expiresAt, revokedAt }: Pick<Token, 'expiresAt' | 'revokedAt'>, now: Date): boolean {
  return revokedAt === null && (expiresAt === null || expiresAt > now.toISOString());
}

function tokenOf({ id, name, role, createdAt, expiresAt, revokedAt }: TokenRow): Token {
  return { id, name, role: role as Role, createdAt, expiresAt, revokedAt };
}
