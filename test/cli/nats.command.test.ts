/** `meridian relay run`, `central run` and `transport check`, where there is no NATS: what is refused, and how it is said. */
import { createServer } from 'node:net';
import { expect, test } from '@jest/globals';
import { freePort } from '../support/postgresql/server.ts';
import { openRegion } from '../support/regional.ts';
import { workspace } from '../support/workspace.ts';

const NOT_SET =
  'Error: NATS_URL is not set, so there is nothing between regions and central. Set it, for example to nats://localhost:4222, or use npx meridian sync --watch, which ships without a server.\n';
const NATS_URL = 'nats://me:sesame@127.0.0.1:1';
const UNREACHABLE =
  'Error: NATS at nats://127.0.0.1:1 cannot be reached (connect ECONNREFUSED 127.0.0.1:1). Start nats-server there, or correct NATS_URL.\n';

test.each([
  [['relay', 'run', '--region', 'boston'], {}, 2, NOT_SET],
  [['central', 'run'], {}, 2, NOT_SET],
  [['relay', 'run'], { NATS_URL }, 2, 'Error: Name a region with --region. There are boston, seattle, denver.\n'],
  [
    ['relay', 'run', '--region', 'boston', '--region', 'denver'],
    { NATS_URL },
    2,
    'Error: A relay serves one region. Start one process for each region.\n',
  ],
  [
    ['relay', 'run', '--region', 'boston', '--health', '70000'],
    { NATS_URL },
    2,
    /It has to be a port from 1 to 65535, or 0/,
  ],
  [['central', 'run', '--health', 'x'], { NATS_URL }, 2, /It has to be a port from 1 to 65535, or 0/],
  [
    ['central', 'run', '--health', '0', '--health-host', '192.0.2.1'],
    { NATS_URL },
    2,
    /Health cannot be served at 192\.0\.2\.1/,
  ],
  [
    ['central', 'run', '--health', '0', '--health-host', ''],
    { NATS_URL },
    2,
    /It has to be an address, such as 127\.0\.0\.1/,
  ],
  [['central', 'run', '--health-host', '0.0.0.0'], { NATS_URL }, 2, /Name the port as well\./],
  [['relay', 'run', '--region', 'boston'], { NATS_URL }, 1, UNREACHABLE],
  [['central', 'run'], { NATS_URL }, 1, UNREACHABLE],
  [['transport', 'check'], { NATS_URL }, 1, UNREACHABLE],
  [['sync'], { NATS_URL }, 1, UNREACHABLE],
  [['sync'], { NATS_URL: 'ftp://me:sesame@one' }, 2, /^Error: NATS_URL holds a URL that is not of a NATS server\./],
  [['transport', 'check'], { NATS_URL, NATS_REPLICAS: 'three' }, 2, /NATS_REPLICAS has to be a whole number/],
] as const)('%j with %j is refused', async (args, env, code, message) => {
  const { run, place } = workspace();
  const result = await run(args, { env });
  expect(result.stderr).toEqual(typeof message === 'string' ? message : expect.stringMatching(message));
  expect(result.code).toBe(code);
  expect(result.stdout + result.stderr).not.toContain('sesame');
  // no database is made on the way
  expect(() => place.rowsOf('region_cursor', 'central')).toThrow();
});

test('without NATS_URL there is nothing to check', async () => {
  const { run } = workspace();
  const { code, stdout } = await run(['transport', 'check']);
  expect(code).toBe(0);
  expect(stdout).toBe(
    'Regions and central run in one process, because NATS_URL is not set. There is no transport to check.\n',
  );
  expect((await run(['transport', 'check', '--json'])).stdout).toBe('{"transport":"in process"}\n');
});

test('a port that is in use is reported before anything is opened', async () => {
  const { run, place } = workspace();
  await openRegion(place, 'boston');
  const port = await freePort();
  const other = createServer();
  await new Promise<void>((resolve) => other.listen(port, '127.0.0.1', resolve));
  try {
    const args = ['relay', 'run', '--region', 'boston', '--health', String(port)];
    const { code, stderr } = await run(args, { env: { NATS_URL } });
    expect(code).toBe(2);
    expect(stderr).toContain(`Health cannot be served at 127.0.0.1, port ${port}: another program uses this port.`);
  } finally {
    other.close();
  }
});
