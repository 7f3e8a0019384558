/** The environment variables that Meridian reads, for docs/reference/configuration.md. A test compares them with the sources. */
import { natsSettings, orders, urlVariable } from './sources.ts';

interface Variable {
  readonly name: string;
  readonly meaning: string;
  /** As the page prints it; nothing where there is none. */
  readonly otherwise: string;
}

export interface VariableGroup {
  readonly title: string;
  readonly introduction: string;
  readonly variables: readonly Variable[];
}

const defaults = natsSettings({ NATS_URL: 'nats://localhost' });

/** @param databases the names of the databases of tables and documents */
export function variableGroups(databases: readonly string[]): VariableGroup[] {
  return [
    {
      title: 'Databases',
      introduction:
        'A URL is `sqlite:<path>` or `postgresql://<user>:<password>@<host>:<port>/<database>?schema=<schema>`; that of documents may also be ' +
        '`mongodb://<user>:<password>@<host>:<port>/<database>`. A path is taken as it is written, without parameters, from the working directory; `~/` is the home directory. Percent-encode ' +
        'special characters in a password. [PostgreSQL](../guides/postgresql.md) lists the parameters of its URL.',
      variables: [
        ...databases.map((name) => ({
          name: urlVariable(name),
          meaning: `where the ${name} database is`,
          otherwise: `sqlite:databases/${name}.db`,
        })),
        {
          name: urlVariable(`${orders.name}.<region>`),
          meaning:
            'where the orders database of a region is; `new-york` becomes `NEW_YORK`. The variable also makes the region known',
          otherwise: 'sqlite:databases/orders.<region>.db',
        },
        {
          name: 'PGUSER',
          meaning: 'the user of a PostgreSQL URL that names none',
          otherwise: 'the user of the system',
        },
        {
          name: 'PGPASSWORD',
          meaning:
            'the password of a PostgreSQL URL that holds none; read by the driver, which also looks into `~/.pgpass`',
          otherwise: '',
        },
      ],
    },
    {
      title: 'Project',
      introduction:
        'A project says in `meridian.config.ts` what its databases are. See [your own databases](../guides/own-databases.md).',
      variables: [
        {
          name: 'MERIDIAN_CONFIG',
          meaning: 'the config of the project; `--config` wins',
          otherwise: 'the first meridian.config.ts, .mts, .js or .mjs from the working directory upward',
        },
        {
          name: 'TS_NODE_PROJECT',
          meaning: 'the tsconfig.json that `@oxc-node/core` and `@swc-node/register` load TypeScript with',
          otherwise: 'the nearest one above the config',
        },
      ],
    },
    {
      title: 'Files',
      introduction:
        'Files of `s3://` are read with the usual credentials, such as `AWS_ACCESS_KEY_ID` and `AWS_SECRET_ACCESS_KEY`, or those of `~/.aws`.',
      variables: [
        { name: 'AWS_REGION', meaning: 'the region of the bucket', otherwise: '`AWS_DEFAULT_REGION`, or us-east-1' },
        { name: 'AWS_DEFAULT_REGION', meaning: 'the same, where `AWS_REGION` is not set', otherwise: 'us-east-1' },
        {
          name: 'AWS_ENDPOINT_URL',
          meaning: 'the address of a server other than that of Amazon',
          otherwise: 'that of the region',
        },
      ],
    },
    {
      title: 'Regions',
      introduction:
        'Known regions are those that `REGIONS` names, those with a URL variable of their own, and those whose file is in the default place.',
      variables: [
        {
          name: 'REGIONS',
          meaning: 'the names of regions, separated by commas. Set and empty, it switches regions off',
          otherwise: 'boston,seattle,denver',
        },
        {
          name: 'REGION',
          meaning: "the region that MikroORM's command line works on, with `mikro-orm.orders.config.ts`",
          otherwise: 'the orders database of no region',
        },
      ],
    },
    {
      title: 'NATS',
      introduction:
        'Set `NATS_URL` and events go through NATS JetStream. Set one way to log in. See [NATS](../guides/nats.md).',
      variables: [
        {
          name: 'NATS_URL',
          meaning:
            '`nats://<host>:<port>` or `tls://<host>:<port>`, several separated by commas, with a user and password or a token if wanted',
          otherwise: 'no server: events are shipped in process',
        },
        { name: 'NATS_USER', meaning: 'the user', otherwise: '' },
        { name: 'NATS_PASSWORD', meaning: 'its password', otherwise: '' },
        { name: 'NATS_TOKEN', meaning: 'a token, instead of a user', otherwise: '' },
        { name: 'NATS_CREDS', meaning: 'a credentials file: a JWT and its seed', otherwise: '' },
        { name: 'NATS_NKEY', meaning: 'a file with the seed of an NKey', otherwise: '' },
        {
          name: 'NATS_CA',
          meaning: "a file with the certificates that verify the server's",
          otherwise: 'those of Node.js',
        },
        { name: 'NATS_CERT', meaning: "a file with the client's certificate; needs `NATS_KEY`", otherwise: '' },
        { name: 'NATS_KEY', meaning: 'a file with the key of that certificate', otherwise: '' },
        {
          name: 'NATS_REPLICAS',
          meaning: 'copies of each stream in a cluster, from 1 to 5',
          otherwise: String(defaults?.replicas),
        },
        {
          name: 'NATS_MAX_EVENTS',
          meaning: 'how many events the stream of a region may hold',
          otherwise: String(defaults?.maxEvents),
        },
        {
          name: 'NATS_MAX_BYTES',
          meaning: 'how many bytes the stream of a region may hold; JetStream reserves them',
          otherwise: defaults?.maxBytes === -1 ? 'no limit' : String(defaults?.maxBytes),
        },
        {
          name: 'NATS_ACK_WAIT_SECONDS',
          meaning: 'after how long an unacknowledged event is delivered again',
          otherwise: String(defaults?.ackWaitSeconds),
        },
        {
          name: 'NATS_TIMEOUT_SECONDS',
          meaning: 'how long to wait for an answer of the server',
          otherwise: String(defaults?.timeoutSeconds),
        },
      ],
    },
    {
      title: 'Output',
      introduction: 'Colours mark outcomes, warnings and errors in a terminal; a pipe or a file gets none.',
      variables: [
        {
          name: 'NODE_OPTIONS',
          meaning:
            'options of Node.js. With `--import`, `--require` or `--loader`, a module may have imported MikroORM before Meridian does, which then imports its packages as they are installed: a command takes some tenths of a second longer',
          otherwise: '',
        },
        { name: 'NO_COLOR', meaning: 'set to anything, it switches colours off', otherwise: '' },
        { name: 'TERM', meaning: '`dumb` switches colours off', otherwise: '' },
      ],
    },
  ];
}
