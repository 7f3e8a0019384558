/** Routes that ship the changes of regions to central: once, continuously, or again. */
import type { Answer, Call, Route } from '../../module.ts';
import { regionSyncJson } from '../cli/sync.command.ts';
import { knownRegions } from '../regions/databases.ts';
import { resend, resendEverything } from '../sync/resend.ts';
import type { SyncResult } from '../sync/sync.ts';
import { existing, valid } from './open-regions.ts';
import { BY_REGION, NAMES, NO_REGION, objectOf, requestOf, SHIPPING } from './schemas.ts';
import type { Shipping } from './shipping.ts';

const TAG = 'Regions';

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

export function syncRoutes(shipping: Shipping): readonly Route[] {
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
        return synced(await shipping.once({ regions: () => names, signal: call.signal }));
      },
    },
    {
      id: 'ship',
      method: 'POST',
      path: '/api/shop/shipping',
      role: 'operate',
      summary: 'Starts or stops to ship whatever comes, from the process of this server',
      description: 'Like npx meridian sync --watch. Another relay of a region is not affected.',
      tag: TAG,
      body: { schema: requestOf({ isOn: { type: 'boolean' } }) },
      answers: { 200: { description: 'Whether it ships', schema: SHIPPING } },
      async handle({ body, note }) {
        const { isOn } = body as { readonly isOn: boolean };
        note(isOn ? 'started' : 'stopped');
        if (isOn) {
          shipping.start();
        } else {
          await shipping.stop();
        }
        return { body: shipping.state };
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
      handle: (call) => resendRegions(call, shipping),
    },
    {
      ...common,
      id: 'rebuildCentral',
      path: '/api/shop/central/rebuild',
      summary: 'Sends everything that the regions hold to central',
      handle: async ({ signal }) => synced(await resendEverything({ ...shipping.options, signal })),
    },
  ];
}

async function resendRegions({ body, signal, note }: Call, shipping: Shipping): Promise<Answer> {
  const { regions, from = 1 } = body as { readonly regions: readonly string[]; readonly from?: number };
  const names = regions.map(existing);
  note(`resent ${names.join(', ')}`);
  return synced(await valid(resend(names, from > 1 ? from : undefined, { ...shipping.options, signal })));
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
