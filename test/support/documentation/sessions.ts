/** What each page assumes before its first command: files to load, databases, servers. */
import { join } from 'node:path';
import { projectRoot } from '../../../src/shared/project.ts';
import type { Session } from './run-page.ts';

/** Files of generated records under the names that the pages use. */
const FILES = `
npx meridian generate --out csv --format csv --count 20 && cp csv/users.csv csv/orders.csv . && gzip -k users.csv &&
npx meridian generate --out tsv --format tsv --count 20 --gzip && cp tsv/products.tsv.gz . &&
npx meridian generate --out ndjson --format ndjson --count 20 && cp ndjson/orders.ndjson .`;

/** Several files of a table, one of them packed, and JSON with records within a document. */
const SETS = `${FILES} &&
printf 'id,name,email\\n101,Ann,ann@example.com\\n' | gzip > more-users.csv.gz &&
mkdir exports && printf 'id,userId,productId,quantity\\n101,1,1,2\\n' > exports/orders-2.csv &&
printf 'id;userId;productId;quantity\\n102;2;2;1\\n' | gzip > exports/orders-10.csv.gz &&
printf '{"data": {"items": [{"id": 101, "name": "Mug", "price": "5.00"}], "removed": [{"id": 7}]}}' > answer.json`;

/** Orders of two countries, and a map of one of them. */
const COUNTRIES = `
printf 'id,userId,productId,quantity,country\\n101,1,1,2,France\\n102,2,1,1,Channel Islands\\n' > orders.csv
printf 'value,region\\nFrance,paris\\n' > regions.csv`;

/** Boston has sold something, and central knows of it. */
const TRADED = `
npx meridian populate --quiet --rejects rejected &&
npx meridian stock receive --region boston --product 1 --quantity 50 &&
npx meridian order place --region boston --user 1 --item 1x2 --key first &&
NATS_URL= npx meridian sync`;

/** The packages of this project, in the folder of the page. */
const INSTALLED = `
mkdir node_modules && ln -s '${projectRoot}' node_modules/meridian && ln -s '${join(projectRoot, 'node_modules', '@mikro-orm')}' node_modules/`;

/** Pages that need no server. */
export const SESSIONS: Readonly<Record<string, Session>> = {
  'README.md': {},
  'CONTRIBUTING.md': {},
  'docs/files.md': { before: SETS },
  'docs/guides/shop.md': {},
  'docs/guides/documents.md': {},
  'docs/guides/generating.md': {},
  'docs/guides/loading-files.md': { before: FILES },
  'docs/guides/own-databases.md': { before: INSTALLED },
  'docs/guides/across-databases.md': {},
  'docs/http.md': {},
};

/** Pages that need a nats-server. */
export const NATS_SESSIONS: Readonly<Record<string, (server: NatsForPages) => Session>> = {
  // the page starts the server by itself
  'docs/guides/nats.md': ({ program, ports: [nats, ...health] }) => ({
    before: TRADED,
    keepsRunning: true,
    replaced: new Map([
      ['nats-server --jetstream', `${program} --addr 127.0.0.1 --port ${nats} --jetstream`],
      ['localhost:4222', `127.0.0.1:${nats}`],
      ['--health 8080', `--health ${health[0]}`],
      ['--health 8081', `--health ${health[1]}`],
    ]),
  }),
  'docs/operations.md': ({ url, ports: [central, relay] }) => ({
    before: TRADED,
    env: { NATS_URL: url, REGIONS: 'boston' },
    keepsRunning: true,
    // as the page says: nothing uses a database while it is restored
    stopsBefore: /^rm -f databases/,
    replaced: new Map([
      ['8100', String(central)],
      ['8101', String(relay)],
    ]),
  }),
  'docs/reference/commands.md': ({ url, ports: [central, relay] }) => ({
    before: `${TRADED} && ${FILES.trim()}`,
    replaced: new Map([
      ['npx meridian relay run', `NATS_URL=${url} npx meridian relay run`],
      ['npx meridian central run', `NATS_URL=${url} npx meridian central run`],
      ['8100', String(central)],
      ['8101', String(relay)],
    ]),
  }),
};

export interface NatsForPages {
  /** The server that a test has started. */
  readonly url: string;
  /** To start another one. */
  readonly program: string;
  /** Free ones. */
  readonly ports: readonly number[];
}

/** Pages that need a PostgreSQL server, by the URL of an empty database. */
export const POSTGRESQL_SESSIONS: Readonly<Record<string, (url: string) => Session>> = {
  'docs/guides/postgresql.md': (url) => ({ before: FILES, replaced: shopAt(url) }),
  'docs/guides/regions.md': (url) => ({ before: COUNTRIES, replaced: shopAt(url) }),
};

/** The database of the examples is that of the test. */
function shopAt(url: string): Map<string, string> {
  return new Map([['postgresql://meridian:secret@localhost:5432/shop', url]]);
}
