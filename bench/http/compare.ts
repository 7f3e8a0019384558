/** Meridian and the server by hand under the same load, by turns, each on a copy of the same shop. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { shuffled } from '../random.ts';
import { type Profile, type Share, sharesOf } from '../regions/profile.ts';
import { REGION, requestOf, USERS } from '../regions/requests.ts';
import { inCopy } from '../regions/shop.ts';
import { type Compared, toCompared } from './findings.ts';
import { type LoadTurn, type Sent, sendFor } from './load.ts';
import { type Server, startByHand, startMeridian } from './server.ts';

/** Until V8 has compiled what a server often runs: Meridian's CPU time of a checkout falls by a quarter over the first 30,000 of them. */
export const WARM_UP_SECONDS = 15;

export interface Course {
  readonly seconds: number;
  readonly rounds: number;
  readonly seed: number;
}

/** What is sent, and how each side takes it. */
export interface Requests {
  /** The number of a request -> the request, with the path of Meridian's. */
  readonly of: (number: number) => Sent;
  readonly pathByHand: (path: string) => string;
  readonly status: number;
}

/** Orders of one product, each with a key of its own. */
export function checkoutRequests(seed: number): Requests {
  return {
    of: (number) => ({
      method: 'POST',
      path: `/api/shop/regions/${REGION}/checkouts`,
      headers: { 'content-type': 'application/json', 'idempotency-key': `order-${seed}-${number}` },
      body: JSON.stringify(requestOf(seed, number, 1)),
    }),
    pathByHand: () => '/checkouts',
    status: 201,
  };
}

export const userRequests: Requests = {
  of: (number) => ({ method: 'GET', path: `/api/databases/users/user/${1 + (number % USERS)}` }),
  pathByHand: (path) => path.replace(/.*\//, '/users/'),
  status: 200,
};

/** @param shop the folder that each starts from */
export function compare(
  shop: string,
  requests: Requests,
  { seconds, rounds, seed }: Course,
  report: (round: number, who: string, turn: LoadTurn) => void,
): Promise<Compared> {
  return inCopy(shop, (folder) =>
    inCopy(shop, async (other) => {
      const servers = [await startMeridian(folder), await startByHand(other)] as const;
      const turns = { meridian: [] as LoadTurn[], byHand: [] as LoadTurn[] };
      const sides = [
        { who: 'Meridian', server: servers[0], next: sequence(requests.of), taken: turns.meridian },
        {
          who: 'by hand',
          server: servers[1],
          next: sequence((number) => {
            const sent = requests.of(number);
            return { ...sent, path: requests.pathByHand(sent.path) };
          }),
          taken: turns.byHand,
        },
      ];
      try {
        for (const { server, next } of sides) {
          await sendFor(server, WARM_UP_SECONDS, next, requests.status);
        }
        for (let round = 1; round <= rounds; round++) {
          for (const { who, server, next, taken } of shuffled(sides, seed + round)) {
            const turn = await sendFor(server, seconds, next, requests.status);
            report(round, who, turn);
            taken.push(turn);
          }
        }
      } finally {
        await Promise.all(servers.map((server) => server.stop()));
      }
      return toCompared(seconds, turns, await profileOf(shop, requests, seconds));
    }),
  );
}

function sequence(of: (number: number) => Sent): () => Sent {
  let number = 0;
  return () => of(number++);
}

/** Of a server of its own, start and end included. */
function profileOf(shop: string, requests: Requests, seconds: number): Promise<Share[]> {
  return inCopy(shop, async (folder) => {
    const profiles = join(folder, 'profiles');
    const server: Server = await startMeridian(folder, ['--cpu-prof', '--cpu-prof-dir', profiles]);
    try {
      await sendFor(server, seconds, sequence(requests.of), requests.status);
    } finally {
      await server.stop();
    }
    const [file = ''] = readdirSync(profiles);
    return sharesOf(JSON.parse(readFileSync(join(profiles, file), 'utf8')) as Profile);
  });
}
