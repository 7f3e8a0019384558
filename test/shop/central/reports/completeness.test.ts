/** The completeness of the figures of each region, and the position of central with it. */
import { expect, test } from '@jest/globals';
import type { Backlog } from '../../../../src/shop/central/reports/completeness.ts';
import { isComplete, regionCompleteness } from '../../../../src/shop/central/reports/completeness.ts';
import { lagReport } from '../../../../src/shop/central/reports/lag.ts';
import { addCursors, addDeadLetters, centralIn } from '../../../support/central.ts';
import { forEachEngineThoroughly } from '../../../support/engines.ts';

/** What is reported of regions besides how far central has got with them. */
async function completenessOf(...args: Parameters<typeof regionCompleteness>) {
  return (await regionCompleteness(...args)).map(({ progress: _, ...rest }) => rest);
}

const complete = { missingEvents: 0, lagSeconds: null, parkedEvents: 0, failingEvents: 0, isUnreachable: false };

forEachEngineThoroughly((makePlace) => {
  test('what central knows by itself', async () => {
    const central = await centralIn(await makePlace());
    await addCursors(central, [
      { region: 'seattle', seq: 5, headSeq: 17 },
      { region: 'boston' },
      { region: 'denver' },
      { region: 'austin', seq: 9, headSeq: 8 },
    ]);
    await addDeadLetters(central, [
      { region: 'denver' },
      { region: 'denver' },
      { region: 'denver', parkedAt: null },
      { region: 'reno', parkedAt: null },
    ]);
    const regions = await completenessOf(central);
    expect(regions).toEqual([
      { ...complete, region: 'austin' },
      { ...complete, region: 'boston' },
      { ...complete, region: 'denver', parkedEvents: 2, failingEvents: 1 },
      { ...complete, region: 'reno', failingEvents: 1 },
      { ...complete, region: 'seattle', missingEvents: 12 },
    ]);
    expect(regions.filter((one) => isComplete(one)).map(({ region }) => region)).toEqual(['austin', 'boston']);
  });

  test('what the regions know beside it', async () => {
    const central = await centralIn(await makePlace());
    await addCursors(central, [
      { region: 'boston', headSeq: 10 },
      { region: 'denver', headSeq: 10 },
      { region: 'reno' },
    ]);
    const regions = await completenessOf(
      central,
      new Map<string, Backlog | 'unreachable'>([
        ['boston', { unshippedEvents: 5, lagSeconds: 40 }],
        ['denver', { unshippedEvents: 1, lagSeconds: 7 }],
        ['reno', { unshippedEvents: 0, lagSeconds: 0 }],
        ['austin', { unshippedEvents: 2, lagSeconds: 3 }],
        ['seattle', 'unreachable'],
      ]),
    );
    expect(regions).toEqual([
      { ...complete, region: 'austin', missingEvents: 2, lagSeconds: 3 },
      { ...complete, region: 'boston', missingEvents: 5, lagSeconds: 40 },
      { ...complete, region: 'denver', missingEvents: 3, lagSeconds: 7 },
      { ...complete, region: 'reno' },
      { ...complete, region: 'seattle', isUnreachable: true },
    ]);
    expect(regions.filter((one) => isComplete(one)).map(({ region }) => region)).toEqual(['reno']);
  });

  test('a region without a database is incomplete only when central knows it', async () => {
    const central = await centralIn(await makePlace());
    await addCursors(central, [{ region: 'boston' }]);
    expect(
      await completenessOf(
        central,
        new Map([
          ['boston', 'missing'],
          ['seattle', 'missing'],
        ]),
      ),
    ).toEqual([{ ...complete, region: 'boston', isUnreachable: true }]);
  });

  test('the lag of each region, also of one that central does not know', async () => {
    const central = await centralIn(await makePlace());
    await addCursors(central, [{ region: 'boston', epoch: 2, seq: 7, headSeq: 9, occurredAt: null }]);
    await addDeadLetters(central, [{ region: 'boston' }]);
    const backlogs = new Map([['denver', { unshippedEvents: 4, lagSeconds: 1 }]]);
    expect(await lagReport(await regionCompleteness(central, backlogs))).toEqual([
      {
        region: 'boston',
        epoch: 2,
        seq: 7,
        headSeq: 9,
        missingEvents: 2,
        parkedEvents: 1,
        failingEvents: 0,
        heardAt: '2010-12-01T08:26:01.000Z',
        occurredAt: null,
      },
      {
        region: 'denver',
        epoch: null,
        seq: null,
        headSeq: null,
        missingEvents: 4,
        parkedEvents: 0,
        failingEvents: 0,
        heardAt: null,
        occurredAt: null,
      },
    ]);
  });

  test('no region', async () => {
    const central = await centralIn(await makePlace());
    expect(await lagReport(await regionCompleteness(central))).toEqual([]);
  });
});
