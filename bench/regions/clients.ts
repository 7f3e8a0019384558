/** Orders placed on PostgreSQL by many clients at once, through Meridian and by pgbench, by turns on the same server. */
import { randomBytes } from 'node:crypto';
import { rmSync } from 'node:fs';
import { pairedRatio, type Summary, summarize } from '../figures.ts';
import { commandVersion } from '../machine.ts';
import { administer, urlOf } from '../postgres.ts';
import { shuffled } from '../random.ts';
import { type Partner, startProgram } from './conversation.ts';
import { pgbenchVersion, runPgbench } from './pgbench.ts';
import type { Share } from './profile.ts';
import type { PlaceAtOnceJob, PlacedAtOnce, PlaceFor, ProfiledPlaceFor } from './programs/place-at-once.ts';
import { makeShop } from './shop.ts';

export const CLIENTS = 16;

const WARM_UP_SECONDS = 2;

export interface ClientTurn {
  readonly ordersPerSecond: number;
  /** Processors that Node.js kept busy; undefined for pgbench. */
  readonly cpus: number | undefined;
}

export interface ClientsLine {
  readonly title: string;
  readonly turns: readonly ClientTurn[];
  readonly ordersPerSecond: Summary;
  readonly cpus: number | undefined;
  /** Its speed relative to pgbench's, by turns of one round. */
  readonly ratio: number;
}

export interface Clients {
  /** Of the server, and of pgbench. */
  readonly versions: { readonly server: string; readonly pgbench: string };
  readonly clients: number;
  /** Of a turn. */
  readonly seconds: number;
  readonly lines: readonly ClientsLine[];
  /** Of the time of Meridian in one process, in a turn of its own. */
  readonly profile: readonly Share[];
}

export interface ClientsCourse {
  readonly server: string;
  readonly seconds: number;
  readonly rounds: number;
  readonly seed: number;
}

/** What takes turns, each on a database of its own. */
interface Contender {
  readonly title: string;
  place(seconds: number): Promise<ClientTurn>;
  /** Nothing where that cannot be seen. */
  profile(seconds: number): Promise<readonly Share[]>;
  end(): Promise<void>;
}

/** @returns why nothing was measured, where that is so */
export async function measureClients(
  { server, seconds, rounds, seed }: ClientsCourse,
  report: (round: number, who: string, turn: ClientTurn) => void,
): Promise<Clients | { readonly reason: string }> {
  const pgbench = pgbenchVersion();
  if (pgbench === undefined || commandVersion('psql') === undefined) {
    return { reason: `there is no ${pgbench === undefined ? 'pgbench' : 'psql'} on the PATH` };
  }
  const { output: version } = await administer(server, 'show server_version');
  const mark = `meridian_bench_${randomBytes(4).toString('hex')}`;
  const names = ['pgbench', 'one', 'two'].map((name) => `${mark}_${name}`);
  const template = `${mark}_template`;
  const folders: string[] = [];
  try {
    await administer(server, `create database ${template}`);
    folders.push(await makeShop(seed, environment(urlOf(server, template))));
    for (const name of names) {
      await administer(server, `create database ${name} template ${template}`);
    }
    const [forPgbench = '', forOne = '', forTwo = ''] = names.map((name) => urlOf(server, name));
    const [folder = ''] = folders;
    const one = meridian('Meridian, one process', folder, forOne, 1, seed);
    const contenders: Contender[] = [
      {
        title: 'pgbench',
        place: async (time) => ({ ordersPerSecond: await runPgbench(forPgbench, CLIENTS, time), cpus: undefined }),
        profile: async () => [],
        end: async () => undefined,
      },
      one,
      meridian('Meridian, two processes', folder, forTwo, 2, seed),
    ];
    const turns = new Map(contenders.map(({ title }) => [title, [] as ClientTurn[]]));
    for (const { place } of contenders) {
      await place(WARM_UP_SECONDS);
    }
    for (let round = 1; round <= rounds; round++) {
      for (const { title, place } of shuffled(contenders, seed + round)) {
        const turn = await place(seconds);
        report(round, title, turn);
        turns.get(title)?.push(turn);
      }
    }
    const profile = await one.profile(seconds);
    await Promise.all(contenders.map(({ end }) => end()));
    return {
      versions: { server: version.trim(), pgbench },
      clients: CLIENTS,
      seconds,
      lines: toLines(turns),
      profile,
    };
  } finally {
    // with force, for where something has failed, a process may still be connected
    for (const name of [...names, template]) {
      await administer(server, `drop database if exists ${name} with (force)`);
    }
    for (const folder of folders) {
      rmSync(folder, { recursive: true });
    }
  }
}

/** @param turns of each by its title, pgbench's first, all of the same rounds */
export function toLines(turns: ReadonlyMap<string, readonly ClientTurn[]>): ClientsLine[] {
  const rates = (of: readonly ClientTurn[]) => of.map(({ ordersPerSecond }) => ordersPerSecond);
  const [base = []] = turns.values();
  return [...turns].map(([title, taken]) => {
    const cpus = taken.flatMap((turn) => turn.cpus ?? []);
    return {
      title,
      turns: taken,
      ordersPerSecond: summarize(rates(taken)),
      cpus: cpus.length === 0 ? undefined : summarize(cpus).median,
      ratio: pairedRatio(rates(taken), rates(base)),
    };
  });
}

/** The clients are spread over so many processes. */
function meridian(title: string, folder: string, url: string, processes: number, seed: number): Contender {
  const partners = Array.from({ length: processes }, (_, index) => {
    const job: PlaceAtOnceJob = { clients: CLIENTS / processes, seed: seed + index };
    return startProgram<PlaceFor, PlacedAtOnce>('place-at-once', job, { folder, env: environment(url) });
  });
  return {
    title,
    async place(seconds) {
      const placed = await Promise.all(partners.map((partner) => partner.ask({ seconds })));
      const sum = (of: (one: PlacedAtOnce) => number) => placed.reduce((total, one) => total + of(one), 0);
      return {
        ordersPerSecond: sum((one) => one.orders / one.seconds),
        cpus: sum((one) => one.cpuSeconds / one.seconds),
      };
    },
    async profile(seconds) {
      const [first] = partners as Partner<ProfiledPlaceFor, unknown>[];
      return ((await first?.ask({ seconds, profile: true })) ?? []) as readonly Share[];
    },
    async end() {
      await Promise.all(partners.map((partner) => partner.end()));
    },
  };
}

/** All in one database, so that pgbench reaches all with one connection. */
function environment(url: string): NodeJS.ProcessEnv {
  return { USERS_DATABASE_URL: url, PRODUCTS_DATABASE_URL: url, ORDERS_DATABASE_URL_BOSTON: url };
}
