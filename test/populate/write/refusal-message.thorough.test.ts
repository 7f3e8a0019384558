/** A record that only the database can refuse is rejected with the reason, in the same words on every engine; all others go in. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { Check, Entity, PrimaryKey, Property } from '@mikro-orm/decorators/legacy';
import { IsInt } from 'class-validator';
import type { PopulateReport } from '../../../src/populate/report.ts';
import { countsOf } from '../../support/databases.ts';
import { forEachEngine, type Place } from '../../support/engines.ts';
import { type OwnEntity, ownEntity } from '../../support/own-entity.ts';
import { refuseRows, skipRows } from '../../support/refusing.ts';

@Entity({ tableName: 'parts' })
@Check({ name: 'parts_weight_check', expression: 'weight < 1000' })
class Part {
  @PrimaryKey({ type: 'integer', autoincrement: false })
  @IsInt()
  id!: number;

  @Property({ type: 'text', fieldName: 'part_name' })
  name!: string;

  @Property({ type: 'integer', default: 1 })
  weight!: number;

  @Property({ type: 'integer', version: true, default: 1 })
  version!: number;

  toString(): string {
    return this.name;
  }
}

const part = <More extends object>(id: number, more?: More) => ({ id, name: `Part ${id}`, ...(more as More) });
const upTo = (count: number, more: object = {}) => Array.from({ length: count }, (_, index) => part(index + 1, more));

/** Parts of a database that has one row, and then a rule. */
async function parts(
  place: Place,
  rule: (place: Place) => Promise<unknown> = async () => undefined,
): Promise<OwnEntity> {
  const own = await ownEntity(place, { name: 'parts', entity: Part });
  await own.load([part(100)]);
  await rule(place);
  return own;
}

const errorsOf = (report: PopulateReport) =>
  report.databases['parts']?.details?.flatMap(({ id, errors }) => errors.map((error) => ({ id, ...error })));

forEachEngine((makePlace, engine) => {
  describe('one record among many', () => {
    const whole = { read: 9, inserted: 8, updated: 0, unchanged: 0, rejected: 1 };

    test.each<[string, (place: Place) => Promise<unknown>, string | null, string]>([
      [
        'a trigger',
        (place) => refuseRows(place, { table: 'parts', on: 'insert', when: 'new.id = 5' }, 'id 5 is frozen'),
        null,
        'A trigger of the database refuses it: id 5 is frozen',
      ],
      [
        'a trigger that skips the row',
        (place) => skipRows(place, { table: 'parts', on: 'insert', when: 'new.id = 5' }),
        null,
        'The database skipped it without an error, as a trigger can',
      ],
      [
        'a unique index that the entity does not have',
        async (place) => {
          await place.execute('parts', "update parts set part_name = 'Part 5'");
          await place.execute('parts', 'create unique index others on parts (part_name)');
        },
        'name',
        'Name Part 5 belongs to part 100',
      ],
      [
        'a unique index over an expression',
        async (place) => {
          await place.execute('parts', 'update parts set weight = 6');
          await place.execute(
            'parts',
            'create unique index heavier on parts ((case when id in (5, 100) then 1 else -id end))',
          );
        },
        null,
        'The unique index "heavier" of the database holds another row for it',
      ],
    ])('%s', async (_, rule, property, message) => {
      const own = await parts(await makePlace(), rule);
      const report = await own.load(upTo(9));
      expect(countsOf(report)['parts']).toEqual(whole);
      expect(errorsOf(report)).toEqual([{ id: 5, property, code: 'refused', message }]);
      const ids = (await own.place.rowsOf('parts')).map((row) => (row as { id: number }).id);
      expect(ids).toEqual([1, 2, 3, 4, 6, 7, 8, 9, 100]);
      const rejects = readFileSync(join(own.place.folder, 'rejects', 'parts.ndjson'), 'utf8')
        .trim()
        .split('\n');
      expect(rejects.map((line) => JSON.parse(line))).toEqual([
        { number: 5, line: 6, record: part(5), errors: [{ property, code: 'refused', message }] },
      ]);
      expect(report.databases['parts']?.refused?.message).toBe(
        `parts: the database refused 1 record of memory, lines 2 to 10, for a rule that the entity does not have (${message}). It is rejected, and no other record is affected. Correct it, or the rule of the database, and load the rejected records again.`,
      );
      expect(report.databases['parts']?.failure).toBeUndefined();
    });

    test('a check', async () => {
      const own = await parts(await makePlace());
      const report = await own.load([...upTo(4), part(5, { weight: 1000 }), part(6)]);
      expect(errorsOf(report)).toEqual([
        {
          id: 5,
          property: 'weight',
          code: 'refused',
          message: 'The check "parts_weight_check" of the database refuses it',
        },
      ]);
      expect(countsOf(report)['parts']).toEqual({ read: 6, inserted: 5, updated: 0, unchanged: 0, rejected: 1 });
    });
  });

  test('an update that is refused or skipped leaves its row as it was', async () => {
    const own = await parts(await makePlace());
    await own.load(upTo(6));
    await refuseRows(own.place, { table: 'parts', on: 'update', when: 'new.id = 2' }, 'frozen');
    await skipRows(own.place, { table: 'parts', on: 'update', when: 'new.id = 4' });
    const report = await own.load([...upTo(6, { weight: 7 }), part(7)], { onConflict: 'update' });
    expect(countsOf(report)['parts']).toEqual({ read: 7, inserted: 1, updated: 4, unchanged: 0, rejected: 2 });
    expect(errorsOf(report)?.map(({ id, message }) => [id, message])).toEqual([
      [2, 'A trigger of the database refuses it: frozen'],
      [4, 'The database skipped it without an error, as a trigger can'],
    ]);
    const rows = (await own.place.rowsOf('parts')) as { id: number; weight: number; version: number }[];
    expect(rows.map(({ id, weight, version }) => [id, weight, version])).toEqual([
      ...[1, 2, 3, 4, 5, 6].map((id) => (id % 2 === 0 && id < 6 ? [id, 1, 1] : [id, 7, 2])),
      [7, 1, 1],
      [100, 1, 1],
    ]);
  });

  test('records are decided as if those that are refused had not been there', async () => {
    const place = await makePlace();
    const declaration = { name: 'parts', entity: Part, naturalKeys: [{ properties: ['name'] }] };
    const own = await ownEntity(place, declaration, { after: ['create unique index parts_name on parts (part_name)'] });
    await own.load([part(1, { name: 'A' }), part(2, { name: 'B' })]);
    await refuseRows(place, { table: 'parts', on: 'update', when: 'new.id = 1' }, 'frozen');
    const records = [
      part(3, { name: 'C' }),
      // would give up its name
      part(1, { name: 'D' }),
      part(4, { name: 'A' }),
      part(5, { name: 'D' }),
      // does give up its name
      part(2, { name: 'E' }),
      part(6, { name: 'B' }),
      part(3, { name: 'F' }),
    ];
    const report = await own.load(records, { onConflict: 'update' });
    expect(errorsOf(report)?.map(({ id, message }) => [id, message])).toEqual([
      [1, 'A trigger of the database refuses it: frozen'],
      [4, 'Name A belongs to part 1'],
      [3, 'Id 3 occurs earlier in this source'],
    ]);
    expect(countsOf(report)['parts']).toEqual({ read: 7, inserted: 3, updated: 1, unchanged: 0, rejected: 3 });
  });

  test.each([1, 3, 100])('batches of %i make no difference', async (batchRecords) => {
    const own = await parts(await makePlace(), (place) =>
      refuseRows(place, { table: 'parts', on: 'insert', when: 'new.weight > 5' }, 'too heavy'),
    );
    const records = Array.from({ length: 40 }, (_, index) => part(index + 1, { weight: (index * 7) % 11 }));
    const report = await own.load([...records, ...records.slice(0, 5)], { batchRecords });
    const heavy = records.filter(({ weight }) => weight > 5).length;
    const again = records.slice(0, 5).filter(({ weight }) => weight > 5).length;
    const counts = { read: 45, inserted: 40 - heavy, updated: 0, unchanged: 0, rejected: heavy + 5 };
    expect(countsOf(report)['parts']).toEqual(counts);
    const reasons = report.databases['parts']?.reasons.map(({ code, count }) => [code, count]);
    expect(reasons).toEqual([
      ['refused', heavy + again],
      ['duplicate', 5 - again],
    ]);
  });

  test('two records of one batch that a unique index of the database keeps apart, in every load', async () => {
    const own = await parts(await makePlace(), (place) =>
      place.execute('parts', 'create unique index others on parts (part_name, weight)'),
    );
    const records = [
      part(1, { weight: 2 }),
      part(2, { name: 'Part 1', weight: 2 }),
      // without the weight, which the table has a default for
      part(3),
      part(4, { name: 'Part 3' }),
    ];
    for (const [inserted, unchanged] of [
      [2, 0],
      [0, 2],
    ]) {
      const report = await own.load(records);
      expect(countsOf(report)['parts']).toEqual({ read: 4, inserted, updated: 0, unchanged, rejected: 2 });
      expect(errorsOf(report)).toEqual([
        { id: 2, property: 'name', code: 'refused', message: 'Name and weight Part 1, 2 belong to part 1' },
        { id: 4, property: 'name', code: 'refused', message: 'name and weight belong to another row' },
      ]);
    }
  });

  test('a batch in which every record is refused', async () => {
    const own = await parts(await makePlace(), (place) =>
      refuseRows(place, { table: 'parts', on: 'insert', when: 'new.id > 0' }, 'closed'),
    );
    const report = await own.load(upTo(99));
    expect(countsOf(report)['parts']).toEqual({ read: 99, inserted: 0, updated: 0, unchanged: 0, rejected: 99 });
    expect(report.databases['parts']?.refused?.message).toContain(
      'the database refused 99 records of memory, lines 2 to 100, for a rule',
    );
  });

  test('a dry run reports what would be refused', async () => {
    const own = await parts(await makePlace());
    const report = await own.load([part(1), part(2, { weight: 1000 })], { dryRun: true });
    expect(countsOf(report)['parts']).toMatchObject({ inserted: 1, rejected: 1 });
    expect(report.databases['parts']?.refused).toBeDefined();
    expect(await own.place.rowsOf('parts')).toHaveLength(1);
  });

  if (engine === 'sqlite') {
    test('a strict table', async () => {
      const own = await parts(await makePlace(), async (place) => {
        await place.execute('parts', 'alter table parts rename to old');
        await place.execute(
          'parts',
          'create table parts (id integer primary key, part_name text not null, weight blob not null default 1, version integer not null default 1) strict',
        );
      });
      expect(errorsOf(await own.load([part(1, { weight: 5 })]))).toEqual([
        {
          id: 1,
          property: 'weight',
          code: 'refused',
          message: 'The database refuses it: cannot store REAL value in BLOB column parts.weight',
        },
      ]);
    });

    test('a trigger that undoes the whole transaction stops the load, which says so', async () => {
      const own = await parts(await makePlace(), (place) =>
        place.execute(
          'parts',
          "create trigger undo before insert on parts when new.id = 5 begin select raise(rollback, 'undone'); end",
        ),
      );
      const report = await own.load(upTo(9));
      expect(report.databases['parts']?.failure?.message).toBe(
        'parts: the database has rolled back the whole transaction because of one row (undone), as "raise(rollback)" in a trigger does. Let it refuse the row alone, with "raise(abort)". The records of memory, lines 2 to 10 were not loaded.',
      );
      expect(countsOf(report)['parts']).toMatchObject({ read: 0 });
      expect(await own.place.rowsOf('parts')).toHaveLength(1);
    });
  } else {
    test('a policy for rows, an unreadable value and a function of its own code', async () => {
      const own = await parts(await makePlace(), async (place) => {
        await place.execute(
          'parts',
          "create function own_code() returns trigger language plpgsql as $$ begin raise exception 'own code' using errcode = '42P01'; end $$",
        );
        await place.execute(
          'parts',
          'create trigger own_code before insert on parts for each row when (new.id = 2) execute function own_code()',
        );
        await place.execute(
          'parts',
          'create function divide() returns trigger language plpgsql as $$ begin perform 1 / (new.id - 3); return new; end $$',
        );
        await place.execute(
          'parts',
          'create trigger divide before insert on parts for each row execute function divide()',
        );
      });
      expect(errorsOf(await own.load(upTo(4)))?.map(({ id, message }) => [id, message])).toEqual([
        [2, 'A trigger of the database refuses it: own code'],
        [3, 'The database refuses it: division by zero'],
      ]);
    });

    test('a column that is shorter than the entity says', async () => {
      const own = await parts(await makePlace(), (place) =>
        place.execute('parts', 'alter table parts alter column part_name type varchar(8)'),
      );
      expect(errorsOf(await own.load([part(1), part(2, { name: 'Something' })]))).toEqual([
        {
          id: 2,
          property: 'name',
          code: 'refused',
          message: 'The database refuses it: value too long for type character varying(8)',
        },
      ]);
    });

    test.each([
      [
        'constraint',
        ['alter table parts add constraint late unique (part_name) deferrable initially deferred'],
        'Name Part 1 belongs to part 1',
      ],
      [
        'trigger',
        [
          "create function late() returns trigger language plpgsql as $$ begin raise exception 'too late'; end $$",
          'create constraint trigger late after insert on parts deferrable initially deferred for each row when (new.id = 2) execute function late()',
        ],
        'A trigger of the database refuses it: too late',
      ],
    ])('a deferred %s', async (_, statements, message) => {
      const own = await parts(await makePlace(), async (place) => {
        for (const statement of statements) {
          await place.execute('parts', statement);
        }
      });
      const report = await own.load([part(1), part(2, { name: 'Part 1' }), part(3)]);
      expect(errorsOf(report)?.map((error) => [error.id, error.message])).toEqual([[2, message]]);
      expect(countsOf(report)['parts']).toEqual({ read: 3, inserted: 2, updated: 0, unchanged: 0, rejected: 1 });
    });
  }
});
