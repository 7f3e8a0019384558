/** What each page assumes before its first command: files to load, databases, servers. */
import type { Session } from './run-page.ts';

/** Files of generated records under the names that the pages use. */
const FILES = `
npx meridian generate --out csv --format csv --count 20 && cp csv/users.csv csv/orders.csv . && gzip -k users.csv &&
npx meridian generate --out tsv --format tsv --count 20 --gzip && cp tsv/products.tsv.gz . &&
npx meridian generate --out ndjson --format ndjson --count 20 && cp ndjson/orders.ndjson .`;

/** Boston has sold something, and central knows of it. */
const TRADED = `
npx meridian populate --quiet &&
npx meridian stock receive --region boston --product 1 --quantity 50 &&
npx meridian order place --region boston --user 1 --item 1x2 --key first &&
npx meridian sync`;

export const SESSIONS: Readonly<Record<string, Session>> = {
  'README.md': {},
  'CONTRIBUTING.md': {},
  'docs/getting-started.md': {},
  'docs/guides/documents.md': {},
  'docs/guides/generating.md': {},
  'docs/guides/loading-files.md': { before: FILES },
  'docs/guides/regions.md': {
    before: `
printf 'id,userId,productId,quantity,country\\n101,1,1,2,France\\n102,2,1,1,Channel Islands\\n' > orders.csv
printf 'value,region\\nFrance,paris\\n' > regions.csv`,
  },
  'docs/reference/commands.md': { before: `${TRADED} && rm -r rejects && ${FILES.trim()}` },
};

/** Pages whose commands need a nats-server. */
export const NATS_SESSIONS: Readonly<Record<string, Session>> = {
  'docs/guides/nats.md': { before: TRADED, keepsRunning: true },
  'docs/operations.md': { before: TRADED, keepsRunning: true },
};

/** Pages whose commands need a PostgreSQL server. */
export const POSTGRESQL_SESSIONS: Readonly<Record<string, Session>> = {
  'docs/guides/postgresql.md': { before: FILES },
};
