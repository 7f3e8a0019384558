/** Routes of regions and of what they ship to central. */
import { MeridianError } from '../../index.ts';
import type { Answer, Call, Route } from '../../module.ts';
import { Outbox } from '../../replication/index.ts';
import { comparisonJson } from '../cli/compare.command.ts';
import { regionSyncJson } from '../cli/sync.command.ts';
import { compareRegions } from '../compare/compare-regions.ts';
import { addRegion } from '../regions/add-region.ts';
import { knownRegions } from '../regions/databases.ts';
import { readStatuses } from '../regions/read-regions.ts';
import { withCentral, withRegionDatabase } from '../regions/with-database.ts';
import { resend, resendEverything } from '../sync/resend.ts';
import { type SyncResult, syncOnce } from '../sync/sync.ts';
import { asInvalid, existing } from './open-regions.ts';
import { NAMES, NO_REGION, objectOf, REGION_PARAM, requestOf, TEXT, WHOLE } from './schemas.ts';

const TAG = 'Regions';
const REGIONS = '/api/shop/regions';

/** Region -> what there is to say of it, or the error that kept it from being read. */
const BY_REGION = { type: 'object', additionalProperties: { type: ['object', 'null'] } } as const;

const SYNCED = objectOf({
  isComplete: {
    type: 'boolean',
    description: 'Whether everything has arrived in central, and documents in their store',
  },
  regions: BY_REGION,
});

const SYNC_ANSWERS = {
  200: { description: 'Everything has arrived', schema: SYNCED },
  503: { description: 'Something has not arrived; regions says what', schema: SYNCED, mediaType: 'application/json' },
  ...NO_REGION,
} as const;

export function regionRoutes(): readonly Route[] {
  return [...states(), ...relays(), ...shipping(), compare()];
}

function states(): readonly Route[] {
  return [
    {
      id: 'listRegions',
      method: 'GET',
      path: REGIONS,
      role: 'read',
      summary: 'Shows what each region holds and its backlog',
      description: 'null is a region without a database; one that cannot be read has an error.',
      tag: TAG,
      answers: { 200: { description: 'The regions', schema: objectOf({ regions: BY_REGION }) } },
      handle: async () => ({ body: await regionStates() }),
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

/** Region -> its state, `null` without a database, or the error that kept it from being read. */
export async function regionStates(): Promise<{ readonly regions: Readonly<Record<string, unknown>> }> {
  const statuses = await readStatuses(knownRegions());
  const regions = statuses.map((one) => [
    one.region,
    'error' in one ? { error: one.error.message } : (one.value ?? null),
  ]);
  return { regions: Object.fromEntries(regions) };
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

function shipping(): readonly Route[] {
  const common = { method: 'POST', role: 'operate', tag: TAG, answers: SYNC_ANSWERS } as const;
  return [
    {
      ...common,
      id: 'sync',
      path: '/api/shop/sync',
      summary: 'Ships the changes of the regions to central, and documents to their store',
      body: { schema: requestOf({ regions: NAMES }, ['regions']), isOptional: true },
      async handle(call) {
        const { regions } = (call.body ?? {}) as { readonly regions?: readonly string[] };
        const names = (regions ?? knownRegions()).map(existing);
        return synced(await syncOnce({ regions: () => names, signal: call.signal }));
      },
    },
    {
      ...common,
      id: 'resend',
      path: '/api/shop/resend',
      summary: 'Sends the rows of regions to central again, which repairs all differences that a comparison finds',
      body: {
        schema: requestOf(
          {
            regions: NAMES,
            from: { type: 'integer', minimum: 1, description: 'The first sequence number; without it, all' },
          },
          ['from'],
        ),
      },
      handle: resendRegions,
    },
    {
      ...common,
      id: 'rebuildCentral',
      path: '/api/shop/central/rebuild',
      summary: 'Sends everything that the regions hold to central',
      handle: async ({ signal }) => synced(await resendEverything({ signal })),
    },
  ];
}

async function resendRegions({ body, signal, note }: Call): Promise<Answer> {
  const { regions, from = 1 } = body as { readonly regions: readonly string[]; readonly from?: number };
  const names = regions.map(existing);
  note(`resent ${names.join(', ')}`);
  return synced(await valid(resend(names, from > 1 ? from : undefined, { signal })));
}

async function valid<T>(work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    throw error instanceof MeridianError ? asInvalid(error) : error;
  }
}

function synced({ regions, documents }: SyncResult): Answer {
  const isFed =
    documents === undefined ||
    (documents.failure === undefined && documents.refused === 0 && documents.withheld.size === 0);
  const isComplete =
    isFed && [...regions.values()].every((one) => one.failure === undefined && !one.deadLetters?.count);
  return {
    status: isComplete ? 200 : 503,
    body: {
      isComplete,
      regions: Object.fromEntries([...regions].map(([region, one]) => [region, regionSyncJson(one)])),
      ...(documents?.failure === undefined ? {} : { documentsError: documents.failure.message }),
    },
  };
}

function compare(): Route {
  return {
    id: 'compare',
    method: 'GET',
    path: '/api/shop/compare',
    role: 'read',
    summary: 'Compares regions with central row by row, and names the differences',
    description: 'Up to the last event that central has applied. POST /api/shop/resend repairs differences.',
    tag: TAG,
    query: { region: { type: 'string', description: 'Only this one' } },
    answers: {
      200: {
        description: 'The comparisons',
        schema: objectOf({
          isEqual: { type: ['boolean', 'null'], description: 'null: not known' },
          regions: BY_REGION,
        }),
      },
      ...NO_REGION,
    },
    async handle({ query: { region } }) {
      const names = region === undefined ? undefined : [existing(String(region))];
      const results = await withCentral((central) => compareRegions(central, names));
      const isUnknown = results.some((one) => 'error' in one);
      const isEqual = results.every((one) => 'error' in one || one.comparison.differences === 0);
      const regions = results.map((one) => [
        one.region,
        'error' in one ? { error: one.error.message } : comparisonJson(one.comparison),
      ]);
      return { body: { isEqual: isEqual && isUnknown ? null : isEqual, regions: Object.fromEntries(regions) } };
    },
  };
}
