/** The benchmark of regions: lets each part run that was asked for, and writes the results. */
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import process from 'node:process';
import { commandLine, machine, versions } from '../machine.ts';
import type { Options } from '../options.ts';
import { type ClientTurn, measureClients } from './clients.ts';
import { measureDraining } from './draining.ts';
import type { Findings, Part } from './findings.ts';
import { measureLag } from './lag.ts';
import { measureNats } from './nats.ts';
import { measurePlacing, type Placing } from './placing.ts';
import { report } from './report.ts';
import { makeShop } from './shop.ts';

/** Products of an order. */
const ITEMS = [1, 3];

/** How many orders the lag is measured with. */
const LAG_ORDERS = 300;

type Say = (line: string) => void;

/** @throws Error when something fails; what could not be measured is in the report */
export async function measureRegions(options: Options, say: Say): Promise<void> {
  const { rounds, seed, parts, orders, events, seconds, postgres } = options;
  const wanted = (part: Part) => parts.includes(part);
  // first what may not be possible at all, so that it fails at the start
  const clients = wanted('clients') ? await onPostgres(postgres, { seconds, rounds, seed }, say) : undefined;
  let placing: readonly Placing[] | undefined;
  let lag: Findings['lag'];
  let nats: Findings['nats'];
  if (wanted('placing') || wanted('lag') || wanted('nats')) {
    const shop = await makeShop(seed);
    try {
      placing = wanted('placing') ? await place(shop, { orders, rounds, seed }, say) : undefined;
      if (wanted('lag')) {
        say(`How soon central has an order: ${LAG_ORDERS} orders`);
        lag = await measureLag(shop, { orders: LAG_ORDERS, seed });
      }
      nats = wanted('nats') ? await throughNats(shop, { rounds, seed }, say) : undefined;
    } finally {
      rmSync(shop, { recursive: true });
    }
  }
  const draining = wanted('draining') ? await drain({ events, rounds, seed }, say) : undefined;
  const findings: Findings = {
    command: commandLine(),
    date: new Date().toISOString().slice(0, 10),
    machine: machine(),
    versions: versions(),
    rounds,
    seed,
    placing,
    draining,
    lag,
    nats,
    clients,
  };
  write(options, findings);
}

async function place(
  shop: string,
  course: { readonly orders: number; readonly rounds: number; readonly seed: number },
  say: Say,
): Promise<Placing[]> {
  const found: Placing[] = [];
  for (const items of ITEMS) {
    say(`Orders of ${items} on SQLite`);
    found.push(
      await measurePlacing(shop, { items, ...course }, (round, who, turn) =>
        say(`round ${round}  ${who.padEnd(10)} ${Math.round(course.orders / turn.seconds)} orders/s`),
      ),
    );
  }
  return found;
}

function drain(course: Parameters<typeof measureDraining>[0], say: Say): Promise<Findings['draining']> {
  say(`Events to central: making a backlog of ${course.events}`);
  return measureDraining(course, (events, turn) =>
    say(`${String(events).padStart(9)} events  ${Math.round(events / turn.seconds)} events/s`),
  );
}

async function throughNats(
  shop: string,
  course: { readonly rounds: number; readonly seed: number },
  say: Say,
): Promise<Findings['nats']> {
  say('Events to central through NATS');
  const nats = await measureNats({ shop, ...course }, ({ events, seconds }) =>
    say(`${String(events).padStart(9)} events  ${Math.round(events / seconds)} events/s`),
  );
  if ('reason' in nats) {
    say(`NATS is left out: ${nats.reason}`);
  }
  return nats;
}

async function onPostgres(
  server: string | undefined,
  course: { readonly seconds: number; readonly rounds: number; readonly seed: number },
  say: Say,
): Promise<Findings['clients']> {
  if (server === undefined) {
    return { reason: 'no server was named with --postgres' };
  }
  say('Many clients on PostgreSQL');
  const clients = await measureClients({ server, ...course }, (round, who, turn: ClientTurn) =>
    say(`round ${round}  ${who.padEnd(23)} ${Math.round(turn.ordersPerSecond)} orders/s`),
  );
  if ('reason' in clients) {
    say(`PostgreSQL is left out: ${clients.reason}`);
  }
  return clients;
}

function write({ regionsReport, regionsRaw }: Options, findings: Findings): void {
  const text = report(findings);
  mkdirSync(dirname(regionsReport), { recursive: true });
  writeFileSync(regionsReport, text);
  writeFileSync(regionsRaw, `${JSON.stringify(findings, null, 2)}\n`);
  process.stdout.write(text);
}
