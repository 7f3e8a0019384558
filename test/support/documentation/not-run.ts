/**
 * The commands of the documentation that its test does not run, with the reason for each. Everything else is run as it stands:
 * see run-page.ts.
 */

export interface Exception {
  /** Of the command. */
  readonly pattern: RegExp;
  readonly reason: string;
}

export const NOT_RUN: readonly Exception[] = [
  {
    pattern: /^npm i fastify\b/,
    reason: 'the packages are those of this project, which are installed',
  },
  {
    pattern: /^npx meridian serve\b/,
    reason: 'it runs until it is stopped; test/http does the same in its own process',
  },
  {
    pattern: /^npx meridian token revoke\b|^curl .*(?:8080|meridian\.example)/,
    reason: 'it needs the id of a token, or a running server; test/http does the same',
  },
  {
    pattern: /^(mkdir story|rm -r story|node dist\/test\/support\/trading)/,
    reason: 'test/shop/sync/statement-faults.thorough.test.ts and test/shop/sync/kill.test.ts do the same',
  },
  {
    pattern: /^(npm ci && )?npm test\b/,
    reason: 'it is the run in which this test is; .ci/run runs it from an empty clone',
  },
  {
    pattern: /^npm run simulate\b/,
    reason: 'it takes minutes; test/simulator/ has tests that run seeds and plans',
  },
  {
    pattern: /^(npm run|node) bench\b/,
    reason: 'it takes minutes and installs what Meridian is compared with; npm test --prefix bench tests it',
  },
  {
    pattern: /^npm install meridian$|^npx meridian init$/,
    reason:
      'test/installed.thorough.test.ts and test/docs/getting-started.thorough.test.ts install the package into projects',
  },
  {
    pattern: /^npx meridian init --example minimal$/,
    reason:
      'its config would be that of the commands after it; test/cli/commands/init/init.test.ts runs it in a folder of its own',
  },
  {
    pattern: /^npx meridian populate --\w+ '?(https|s3):\/\/|^curl -H "Authorization/,
    reason: 'the server of the example does not exist; test/populate/read/places/ reads files of servers',
  },
  {
    pattern: /^\/srv\/parcels\//,
    reason: 'the project of the example does not exist; test/config/find.test.ts names configs of other folders',
  },
  {
    pattern: /^npm run test:schemathesis\b/,
    reason:
      'it needs Python, and a server that may be written to; test/http/schema.property.test.ts compares schemas with rules',
  },
  { pattern: /^git clone\b/, reason: 'the clone is what is being tested' },
  {
    pattern: /^npx mikro-orm migration:create\b/,
    reason: 'it writes into migrations/; test/database/mikro-orm-cli.test.ts runs it',
  },
  { pattern: /^npx meridian +#/, reason: 'the menu needs a terminal; test/cli/menu/menu.test.ts gives it one' },
  {
    pattern: /^docker compose\b/,
    reason: 'CI has no Docker; test/docs/examples.test.ts checks what the services start',
  },
  {
    pattern: /^(useradd|install|cp \/opt|mkdir -p \/etc|systemctl|journalctl|meridian\(\)|meridian )/,
    reason: 'it changes the system as root; test/docs/examples.test.ts checks the units',
  },
  {
    pattern: /^(createdb|pg_dump|pg_restore)\b/,
    reason: "PostgreSQL's own tools are not in CI; the databases are made by the test",
  },
];

/** Commands that end with another exit code than 0, as the page says. */
export const FAILS: readonly (Exception & { readonly code: number })[] = [
  {
    pattern: /dead-letters (show|discard|retry) 1/,
    code: 2,
    reason: 'the page assumes a dead letter, and the session has none',
  },
];

/** Commands that run until they are stopped. */
export const RUNS_ON = /^(?:[A-Z_]+=\S* )*(?:nats-server|npx meridian (?:relay run|central run|sync --watch))\b/;

export function isNotRun(command: string): boolean {
  return NOT_RUN.some(({ pattern }) => pattern.test(command));
}
