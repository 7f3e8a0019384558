/** Routes of sessions and tokens. */

import type { Answer, Call, Route, Schema } from '../../config/route.ts';
import { ROLES } from '../../config/route.ts';
import type { Database } from '../../database/database.ts';
import { currentTime } from '../../shared/environment.ts';
import { MeridianError } from '../../shared/errors.ts';
import { Problem } from '../problem.ts';
import { type Authenticator, LOCAL } from './authenticator.ts';
import { closeSession, openSession, SESSION_COOKIE, sessionIn } from './sessions.ts';
import { createToken, listTokens, revokeToken } from './tokens.ts';

const INSTANT = { type: 'string', format: 'date-time' } as const;

const TOKEN: Schema = {
  type: 'object',
  properties: {
    id: { type: 'string' },
    name: { type: 'string' },
    role: { enum: ROLES },
    createdAt: INSTANT,
    expiresAt: { ...INSTANT, type: ['string', 'null'] },
    revokedAt: { ...INSTANT, type: ['string', 'null'] },
  },
  required: ['id', 'name', 'role', 'createdAt', 'expiresAt', 'revokedAt'],
};

const WHO: Schema = {
  type: 'object',
  properties: {
    id: { type: 'string' },
    name: { type: 'string' },
    role: { enum: [...ROLES, null] },
    isLocal: {
      type: 'boolean',
      description: 'Whether no token is needed, because the request comes from this machine',
    },
  },
  required: ['id', 'name', 'role', 'isLocal'],
};

const TAG = 'Access';

/** The maximum lifetime of a token: ten years. */
const MAX_DAYS = 3650;

const DAY_MILLISECONDS = 86_400_000;

export interface AccessParts {
  readonly state: Database;
  readonly authenticator: Authenticator;
  /** Whether cookies are sent over HTTPS only. */
  readonly isSecure: boolean;
}

export function accessRoutes(parts: AccessParts): readonly Route[] {
  return [...sessionRoutes(parts), ...tokenRoutes(parts)];
}

function sessionRoutes({ state, authenticator, isSecure }: AccessParts): readonly Route[] {
  const path = '/api/session';
  const cookie = (value: string, seconds: number) =>
    `${SESSION_COOKIE}=${value}; Path=/; HttpOnly; SameSite=Strict; Max-Age=${seconds}${isSecure ? '; Secure' : ''}`;
  return [
    {
      id: 'openSession',
      method: 'POST',
      path,
      role: 'public',
      summary: 'Logs a browser in with a token',
      description: 'The cookie of the answer stands for the token, for up to 12 hours.',
      tag: TAG,
      body: {
        schema: {
          type: 'object',
          properties: { token: { type: 'string', maxLength: 200 } },
          required: ['token'],
          additionalProperties: false,
        },
      },
      answers: {
        200: { description: 'Logged in', schema: WHO, headers: { 'Set-Cookie': 'The session' } },
        401: { description: 'The token is not valid' },
      },
      async handle({ body, address }) {
        const now = currentTime();
        const token = await authenticator.tokenOf((body as { readonly token: string }).token.trim(), address);
        const { text, expiresAt } = await openSession(state, token, now);
        authenticator.forget();
        const seconds = Math.floor((expiresAt.getTime() - now.getTime()) / 1000);
        return {
          headers: { 'set-cookie': cookie(text, seconds) },
          body: { id: token.id, name: token.name, role: token.role, isLocal: false },
        };
      },
    },
    {
      id: 'whoAmI',
      method: 'GET',
      path,
      role: 'public',
      summary: 'Says who the request is authenticated as',
      tag: TAG,
      answers: { 200: { description: 'Who, with the role null for nobody', schema: WHO } },
      handle: ({ actor }) => Promise.resolve({ body: whoOf(actor) }),
    },
    {
      id: 'closeSession',
      method: 'DELETE',
      path,
      role: 'public',
      summary: 'Logs a browser out',
      tag: TAG,
      answers: { 204: { description: 'Logged out', headers: { 'Set-Cookie': 'Removes the session' } } },
      async handle({ headers }) {
        const text = sessionIn(headers['cookie']);
        if (text !== undefined) {
          await closeSession(state, text);
          authenticator.forget();
        }
        return { status: 204, headers: { 'set-cookie': cookie('', 0) } };
      },
    },
  ];
}

function whoOf({ id, name, role }: Call['actor']): Record<string, unknown> {
  return { id, name, role: role ?? null, isLocal: id === LOCAL.id };
}

function tokenRoutes(parts: AccessParts): readonly Route[] {
  const { state, authenticator } = parts;
  return [
    {
      id: 'listTokens',
      method: 'GET',
      path: '/api/tokens',
      role: 'admin',
      summary: 'Lists the tokens, without their secrets',
      tag: TAG,
      answers: {
        200: {
          description: 'The tokens, the oldest first',
          schema: { type: 'object', properties: { tokens: { type: 'array', items: TOKEN } }, required: ['tokens'] },
        },
      },
      handle: async () => ({ body: { tokens: await listTokens(state) } }),
    },
    {
      id: 'createToken',
      method: 'POST',
      path: '/api/tokens',
      role: 'admin',
      summary: 'Makes a token',
      description: 'The answer has the text of the token, which is stored nowhere and cannot be shown again.',
      tag: TAG,
      body: {
        schema: {
          type: 'object',
          properties: {
            role: { enum: ROLES },
            name: {
              type: 'string',
              minLength: 1,
              maxLength: 100,
              pattern: '^[^\\u0000-\\u001f\\u007f-\\u009f\\u2028\\u2029]*$',
            },
            expiresInDays: { type: 'integer', minimum: 1, maximum: MAX_DAYS },
          },
          required: ['role', 'name'],
          additionalProperties: false,
        },
      },
      answers: {
        201: {
          description: 'The token',
          schema: { ...TOKEN, properties: { ...(TOKEN['properties'] as Schema), token: { type: 'string' } } },
        },
      },
      handle: (call) => makeToken(parts, call),
    },
    {
      id: 'revokeToken',
      method: 'DELETE',
      path: '/api/tokens/{token}',
      role: 'admin',
      params: { token: { type: 'string', description: 'The id of the token' } },
      summary: 'Revokes a token and its sessions',
      description: 'Other servers over the same database take note within five seconds.',
      tag: TAG,
      answers: { 204: { description: 'Revoked' }, 404: { description: 'No token has this id' } },
      async handle({ params: { token = '' }, note }) {
        try {
          await revokeToken(state, token);
        } catch (error) {
          throw error instanceof MeridianError && error.code === 'usage'
            ? new Problem(404, 'unknown', error.message, { cause: error })
            : error;
        }
        note(`token ${token}`);
        authenticator.forget();
        return { status: 204 };
      },
    },
  ];
}

async function makeToken({ state, authenticator }: AccessParts, { body, note }: Call): Promise<Answer> {
  const { role, name, expiresInDays } = body as {
    readonly role: (typeof ROLES)[number];
    readonly name: string;
    readonly expiresInDays?: number;
  };
  const now = currentTime();
  const expiry =
    expiresInDays === undefined ? {} : { expiresAt: new Date(now.getTime() + expiresInDays * DAY_MILLISECONDS) };
  const { text, ...token } = await createToken(state, { role, name, ...expiry }, now);
  authenticator.forget();
  note(`token ${token.id}`);
  return { status: 201, body: { ...token, token: text } };
}
