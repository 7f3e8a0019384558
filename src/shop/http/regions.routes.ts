/** Routes of regions: their contents, their relays, and their connections to central. */
import type { Route } from '../../module.ts';
import { Outbox } from '../../replication/index.ts';
import { addRegion } from '../regions/add-region.ts';
import { knownRegions } from '../regions/databases.ts';
import { readStatuses } from '../regions/read-regions.ts';
import { withRegionDatabase } from '../regions/with-database.ts';
import { existing, valid } from './open-regions.ts';
import { BY_REGION, NO_REGION, objectOf, REGION_PARAM, requestOf, SHIPPING, TEXT, WHOLE } from './schemas.ts';
import type { Shipping } from './shipping.ts';

const TAG = 'Regions';
const REGIONS = '/api/shop/regions';

export function regionRoutes(shipping: Shipping): readonly Route[] {
  return [...states(shipping), ...relays(), ...connections(shipping)];
}

function states(shipping: Shipping): readonly Route[] {
  return [
    {
      id: 'listRegions',
      method: 'GET',
      path: REGIONS,
      role: 'read',
      summary: 'Shows what each region holds and its backlog',
      description: 'null is a region without a database; one that cannot be read has an error.',
      tag: TAG,
      answers: { 200: { description: 'The regions', schema: objectOf({ regions: BY_REGION, shipping: SHIPPING }) } },
      handle: async () => ({ body: await regionStates(shipping) }),
    },
    {
      id: 'addRegion',
      method: 'POST',
      path: REGIONS,
      role: 'operate',
      summary: 'Creates the database of a region, or adopts an existing one',
      tag: TAG,
      body: {
        schema: requestOf({ name: { type: 'string', description: 'Lower case letters, digits and hyphens' } }),
      },
      answers: {
        201: { description: 'It was created', schema: { type: 'object' } },
        200: { description: 'It was there', schema: { type: 'object' } },
      },
      async handle({ body, note }) {
        const { name } = body as { readonly name: string };
        note(`region ${name}`);
        const { place: _, ...added } = await valid(addRegion(name));
        return { status: added.isNew ? 201 : 200, body: { region: name, ...added } };
      },
    },
  ];
}

/** Region -> its state; `null` without a database; or the error if it cannot be read. */
export async function regionStates(shipping: Shipping): Promise<object> {
  const statuses = await readStatuses(knownRegions());
  const regions = statuses.map((one) => [
    one.region,
    'error' in one
      ? { error: one.error.message }
      : one.value === undefined
        ? null
        : { ...one.value, isDisconnected: shipping.isDisconnected(one.region) },
  ]);
  return { regions: Object.fromEntries(regions), shipping: shipping.state };
}

function relays(): readonly Route[] {
  const route = (id: string, verb: string, summary: string, paused: boolean): Route => ({
    id,
    method: 'POST',
    path: `${REGIONS}/{region}/relay/${verb}`,
    role: 'operate',
    summary,
    tag: TAG,
    params: REGION_PARAM,
    answers: {
      200: {
        description: 'The relay',
        schema: objectOf({ region: TEXT, paused: { type: 'boolean' }, ackedSeq: WHOLE }),
      },
      ...NO_REGION,
    },
    async handle({ params: { region: name = '' }, note }) {
      const region = existing(name);
      note(`${verb} ${region}`);
      const row = await withRegionDatabase(region, (database) => new Outbox(database).setPaused(paused));
      return { body: { region, paused: row.paused, ackedSeq: row.ackedSeq } };
    },
  });
  return [
    route('pauseRelay', 'pause', 'Pauses the relay of a region until it is resumed; orders can still be placed', true),
    route('resumeRelay', 'resume', 'Resumes the relay of a region, which then ships the events since the pause', false),
  ];
}

function connections(shipping: Shipping): readonly Route[] {
  const route = (verb: string, summary: string, turn: (region: string) => Promise<void> | void): Route => ({
    id: `${verb}Region`,
    method: 'POST',
    path: `${REGIONS}/{region}/${verb}`,
    role: 'operate',
    summary,
    description:
      'For demonstrations and tests. It affects only what this server ships; a relay of another process continues.',
    tag: TAG,
    params: REGION_PARAM,
    answers: {
      200: {
        description: 'Whether it is disconnected',
        schema: objectOf({ region: TEXT, isDisconnected: { type: 'boolean' } }),
      },
      ...NO_REGION,
    },
    async handle({ params: { region: name = '' }, note }) {
      const region = existing(name);
      note(`${verb} ${region}`);
      await turn(region);
      return { body: { region, isDisconnected: shipping.isDisconnected(region) } };
    },
  });
  return [
    route('disconnect', 'Disconnects a region from central, as if the network were down', (region) =>
      shipping.disconnect(region),
    ),
    route('reconnect', 'Reconnects a region, which then ships the events since it was disconnected', (region) =>
      shipping.reconnect(region),
    ),
  ];
}
