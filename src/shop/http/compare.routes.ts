/** The route that compares regions with central. */
import type { Route } from '../../module.ts';
import { comparisonJson } from '../cli/compare.command.ts';
import { compareRegions } from '../compare/compare-regions.ts';
import { withCentral } from '../regions/with-database.ts';
import { existing } from './open-regions.ts';
import { BY_REGION, NO_REGION, objectOf } from './schemas.ts';

export function compareRoute(): Route {
  return {
    id: 'compare',
    method: 'GET',
    path: '/api/shop/compare',
    role: 'read',
    summary: 'Compares regions with central row by row, and names the differences',
    description: 'Up to the last event that central has applied. POST /api/shop/resend repairs differences.',
    tag: 'Regions',
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
