/** A server over databases of a test's own, asked without a socket. */
import { afterEach } from '@jest/globals';
import type { Module } from '../../src/config/module.ts';
import type { Role } from '../../src/config/route.ts';
import type { DatabaseDeclaration } from '../../src/database/declaration.ts';
import { openMigrated } from '../../src/database/open-migrated.ts';
import { createToken } from '../../src/http/auth/tokens.ts';
import { makeServer, type Server, type ServerOptions } from '../../src/http/server.ts';
import type { RecordError } from '../../src/shared/rules/rules.ts';
import type { Place } from './place.ts';

export interface Answered {
  readonly status: number;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly body: Body;
}

/** Members that tests look into; an answer has some of them. */
interface Body {
  readonly rows: readonly Readonly<Record<string, unknown>>[];
  readonly next: string | null;
  readonly errors: readonly RecordError[];
  readonly detail: string;
  readonly token: string;
  readonly id: string;
  readonly run: string;
  readonly tokens: readonly Readonly<Record<string, unknown>>[];
  readonly records: readonly Readonly<Record<string, unknown>>[];
  readonly paths: Readonly<Record<string, Readonly<Record<string, Readonly<Record<string, unknown>>>>>>;
}

export interface Asked {
  readonly headers?: Readonly<Record<string, string>>;
  /** An object becomes JSON. */
  readonly body?: unknown;
}

export interface Served {
  readonly server: Server;
  ask(method: string, path: string, asked?: Asked): Promise<Answered>;
  /** The text of a new token. */
  token(role: Role, expiresAt?: Date): Promise<string>;
}

const open: Server[] = [];

afterEach(async () => {
  await Promise.all(open.splice(0).map((server) => server.close()));
});

/** Makes the tables of declared databases that have no migrations. */
export async function makeTables(place: Place, declarations: readonly DatabaseDeclaration[]): Promise<void> {
  for (const declaration of located(place, declarations)) {
    const database = await openMigrated(declaration);
    const sql = await database.orm.schema.getCreateSchemaSQL({ wrap: false });
    for (const statement of sql.split(/;\s*\n/).filter((one) => one.trim() !== '' && !/^set names/i.test(one))) {
      await database.fork().execute(statement);
    }
    await database.close();
  }
}

function located(place: Place, declarations: readonly DatabaseDeclaration[]): DatabaseDeclaration[] {
  return declarations.map((one) => {
    const { location } = place.options(one.name);
    return { ...one, ...(location === undefined ? {} : { location }) };
  });
}

/** Server and databases are closed when the test ends. */
export async function serve(
  place: Place,
  declarations: readonly DatabaseDeclaration[],
  { modules = [], ...options }: Partial<ServerOptions> & { readonly modules?: readonly Module[] } = {},
): Promise<Served> {
  const databases = located(place, declarations);
  const server = await makeServer({
    project: { databases, modules },
    databases: () => databases,
    host: '127.0.0.1',
    stateLocation: place.options('meridian').location,
    ...options,
  });
  open.push(server);
  return {
    server,
    async ask(method, path, { headers = {}, body } = {}) {
      const isText = body === undefined || typeof body === 'string';
      const answer = await server.app.inject({
        method: method as 'GET',
        url: path,
        headers: {
          host: 'localhost',
          ...(body === undefined ? {} : { 'content-type': 'application/json' }),
          ...headers,
        },
        ...(body === undefined ? {} : { payload: isText ? (body as string) : JSON.stringify(body) }),
      });
      const isJson = answer.body !== '' && /[/+]json/.test(String(answer.headers['content-type']));
      return {
        status: answer.statusCode,
        headers: answer.headers,
        body: isJson ? answer.json() : (answer.body as never),
      };
    },
    async token(role, expiresAt) {
      const made = await createToken(server.state, {
        role,
        name: role,
        ...(expiresAt === undefined ? {} : { expiresAt }),
      });
      return made.text;
    },
  };
}

/** The headers of a request with a token. */
export function bearer(token: string): Record<string, string> {
  return { authorization: `Bearer ${token}` };
}
