/** Routes of the events that central could not apply. */
import type { Route } from '../../module.ts';
import { inboxOf } from '../central/inbox.ts';
import { checkRegion } from '../central/reports/known-region.ts';
import { deadLetterJson } from '../cli/dead-letters.command.ts';
import { previewDeadLetter } from '../compare/preview-dead-letter.ts';
import { withCentral } from '../regions/with-database.ts';
import { asMissing } from './open-regions.ts';
import { ID_PARAM, listOf, NO_REGION, OPTIONAL_TEXT, objectOf, TEXT, WHOLE } from './schemas.ts';
import { idOf } from './trading.routes.ts';

const TAG = 'Dead letters';
const ALL = '/api/shop/dead-letters';
const ONE = `${ALL}/{letter}`;

const DEFAULT_LIMIT = 100;
const MAX_LIMIT = 1000;

const LETTER = objectOf({
  id: WHOLE,
  region: TEXT,
  epoch: WHOLE,
  seq: WHOLE,
  eventId: TEXT,
  error: TEXT,
  attempts: WHOLE,
  parkedAt: OPTIONAL_TEXT,
  event: { type: 'object' },
});

const ROW = { type: ['object', 'null'], description: 'null: there is none' } as const;

const PREVIEW = objectOf(
  {
    aggregate: TEXT,
    aggregateId: WHOLE,
    result: { enum: ['applied', 'refused', 'gone'], description: 'Of a retry' },
    reason: OPTIONAL_TEXT,
    central: { ...ROW, description: 'What central has of the order, or of the stock, and keeps after a discard' },
    after: { ...ROW, description: 'What it would have after a retry' },
    region: { ...ROW, description: 'What the region has; left out where it cannot be read' },
  },
  ['region'],
);

const PARAMS = { letter: ID_PARAM } as const;
const NONE = { 404: { description: 'There is no such dead letter' } } as const;

export function deadLetterRoutes(): readonly Route[] {
  return [
    {
      id: 'listDeadLetters',
      method: 'GET',
      path: ALL,
      role: 'read',
      summary: 'Lists the events that central could not apply, the oldest first',
      tag: TAG,
      query: {
        region: { type: 'string', description: 'Only those of this region' },
        limit: { type: 'integer', minimum: 1, maximum: MAX_LIMIT, description: `Letters (default: ${DEFAULT_LIMIT})` },
      },
      answers: { 200: { description: 'The letters', schema: objectOf({ deadLetters: listOf(LETTER) }) }, ...NO_REGION },
      async handle({ query: { region, limit = DEFAULT_LIMIT } }) {
        const name = region as string | undefined;
        const letters = await withCentral(async (central) => {
          if (name !== undefined) {
            await checkRegion(central, name).catch((error: unknown) => {
              throw asMissing(error);
            });
          }
          return inboxOf(central).deadLetters(name, Number(limit));
        });
        return { body: { deadLetters: letters.map(deadLetterJson) } };
      },
    },
    {
      id: 'readDeadLetter',
      method: 'GET',
      path: ONE,
      role: 'read',
      summary: 'Reads an event that central could not apply, with the error',
      tag: TAG,
      params: PARAMS,
      answers: { 200: { description: 'The letter', schema: LETTER }, ...NONE },
      handle: async ({ params: { letter = '' } }) => ({ body: deadLetterJson(await find(letter)) }),
    },
    {
      id: 'retryDeadLetter',
      method: 'POST',
      path: `${ONE}/retry`,
      role: 'operate',
      summary: 'Applies an event again, for example after an upgrade of central',
      tag: TAG,
      params: PARAMS,
      answers: {
        200: {
          description: 'What became of it',
          schema: objectOf({ result: { enum: ['applied', 'refused', 'gone'] }, reason: OPTIONAL_TEXT }),
        },
        ...NONE,
      },
      async handle({ params: { letter = '' }, note }) {
        await find(letter);
        const retried = await withCentral((central) => inboxOf(central).retry(Number(letter)));
        note(`${retried.result} dead letter ${letter}`);
        return { body: { result: retried.result, reason: retried.result === 'refused' ? retried.reason : null } };
      },
    },
    {
      id: 'previewDeadLetter',
      method: 'POST',
      path: `${ONE}/preview`,
      role: 'operate',
      summary: 'Says what a retry or a discard of an event would do, and changes nothing',
      tag: TAG,
      params: PARAMS,
      answers: { 200: { description: 'What would become of it', schema: PREVIEW }, ...NONE },
      async handle({ params: { letter = '' } }) {
        await find(letter);
        return { body: await withCentral((central) => previewDeadLetter(central, Number(letter))) };
      },
    },
    {
      id: 'discardDeadLetter',
      method: 'POST',
      path: `${ONE}/discard`,
      role: 'operate',
      summary: 'Discards an event permanently',
      description: 'Central lacks its change until a newer event of the same row arrives, or the region is sent again.',
      tag: TAG,
      params: PARAMS,
      answers: { 200: { description: 'The letter that was discarded', schema: LETTER }, ...NONE },
      async handle({ params: { letter = '' }, note }) {
        await find(letter);
        const discarded = await withCentral((central) => inboxOf(central).discard(Number(letter)));
        note(`discarded dead letter ${letter} of ${discarded.region}`);
        return { body: deadLetterJson(discarded) };
      },
    },
  ];
}

/** @throws Problem 404 */
async function find(letter: string) {
  const id = idOf(letter, 'dead letter');
  try {
    return await withCentral((central) => inboxOf(central).deadLetter(id));
  } catch (error) {
    throw asMissing(error);
  }
}
