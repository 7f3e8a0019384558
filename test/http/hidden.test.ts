/** Properties with `hidden: true`: a record sets them, and no answer shows them. */
import { describe, expect, test } from '@jest/globals';
import { Embeddable, Embedded, Entity, ManyToOne, PrimaryKey, Property } from '@mikro-orm/decorators/legacy';
import type { DatabaseDeclaration } from '../../src/database/declaration.ts';
import { apart, forEachEngineThoroughly } from '../support/engines.ts';
import type { Place } from '../support/place.ts';
import { makeTables, type Served, serve } from '../support/served.ts';

@Embeddable()
class Access {
  @Property({ type: 'string' })
  door!: string;

  @Property({ type: 'string', nullable: true, hidden: true })
  pin!: string | null;
}

@Entity({ tableName: 'members' })
class Member {
  @PrimaryKey({ type: 'integer', autoincrement: false, hidden: true })
  id!: number;

  @Property({ type: 'string' })
  name!: string;

  @Property({ type: 'string', hidden: true, unique: true })
  password!: string;

  @Property({ type: 'integer', nullable: true, hidden: true })
  sponsorId!: number | null;

  @ManyToOne(() => Member, { nullable: true, hidden: true })
  friend!: Member | null;

  @Embedded({ entity: () => Access, nullable: true })
  home!: Access | null;

  @Embedded({ entity: () => Access, object: true, nullable: true })
  office!: Access | null;

  @Embedded({ entity: () => Access, array: true, nullable: true })
  others!: Access[] | null;
}

/** In the stored JSON, a naming strategy calls the members `door_number` and `pin_code`. */
@Embeddable()
class Safe {
  @Property({ type: 'integer' })
  doorNumber!: number;

  @Property({ type: 'string', nullable: true, hidden: true })
  pinCode!: string | null;

  @Property({ type: 'string', nullable: true, hidden: true, fieldName: 'x' })
  mark!: string | null;

  @Embedded({ entity: () => Access, object: true, nullable: true })
  innerDoor!: Access | null;
}

@Embeddable()
class Building {
  @Property({ type: 'string', nullable: true })
  streetName!: string | null;

  @Embedded({ entity: () => Safe, object: true, nullable: true })
  mainSafe!: Safe | null;
}

@Entity({ tableName: 'sites' })
class Site {
  @PrimaryKey({ type: 'integer', autoincrement: false })
  id!: number;

  @Embedded({ entity: () => Safe, object: true, nullable: true })
  firstSafe!: Safe | null;

  @Embedded({ entity: () => Safe, array: true, nullable: true })
  allSafes!: Safe[] | null;

  @Embedded({ entity: () => Building, nullable: true })
  building!: Building | null;
}

const declared: readonly DatabaseDeclaration[] = [
  {
    name: 'club',
    entities: [{ name: 'member', entity: Member, references: { sponsorId: { database: 'club', entity: 'member' } } }],
  },
];
const sites: readonly DatabaseDeclaration[] = [{ name: 'sites', entities: [{ name: 'site', entity: Site }] }];

const MEMBERS = '/api/databases/club/member';
const ONE = `${MEMBERS}/1`;

const record = {
  id: 1,
  name: 'Ada',
  password: 'hush-1',
  sponsorId: 1,
  home: { door: 'A', pin: 'hush-2' },
  office: { door: 'B', pin: 'hush-3' },
  others: [
    { door: 'C', pin: 'hush-4' },
    { door: 'D', pin: 'hush-5' },
  ],
};
const shown = {
  id: 1,
  name: 'Ada',
  home: { door: 'A' },
  office: { door: 'B' },
  others: [{ door: 'C' }, { door: 'D' }],
};

describe('hidden properties', () => {
  forEachEngineThoroughly((makePlace) => {
    async function club(): Promise<Served & { place: Place; stored(): Promise<string[]> }> {
      const place = apart(await makePlace());
      await makeTables(place, declared);
      const served = await serve(place, declared);
      await place.execute('club', "insert into members (id, name, password) values (9, 'Bob', 'hush-9')");
      const { sponsorId: _, ...first } = record;
      expect(await served.ask('POST', MEMBERS, { body: first })).toMatchObject({ status: 201, body: shown });
      expect(await served.ask('PATCH', ONE, { body: { sponsorId: 1 } })).toMatchObject({ status: 200, body: shown });
      return {
        ...served,
        place,
        stored: async () => {
          const rows = (await place.rowsOf('members', 'club')) as { id: number }[];
          return JSON.stringify(rows.filter(({ id }) => id === 1)).match(/hush-\w+/g) ?? [];
        },
      };
    }
    const all = ['hush-1', 'hush-2', 'hush-3', 'hush-4', 'hush-5'];

    test('no answer shows them', async () => {
      const { ask } = await club();
      expect((await ask('GET', ONE)).body).toEqual(shown);
      expect((await ask('GET', MEMBERS)).body.rows).toContainEqual(shown);
      const row = JSON.stringify((await ask('GET', '/openapi.json')).body.paths[`${MEMBERS}/{id}`]?.['get']);
      expect(row).toContain('door');
      expect(row).not.toMatch(/password|pin|sponsorId|friend/);
      for (const query of ['filter.password=hush-1', 'sort=password', 'filter.password.prefix=h', 'expand=sponsorId']) {
        expect([query, (await ask('GET', `${MEMBERS}?${query}`)).status]).toEqual([query, 400]);
      }
      const refused = [
        await ask('PATCH', ONE, { body: { name: null } }),
        await ask('POST', MEMBERS, { body: { ...record, id: 2 } }),
        await ask('POST', MEMBERS, { body: { ...record, password: 'other' } }),
        await ask('PATCH', `${MEMBERS}/9`, { body: { password: 'hush-1' } }),
        await ask('PATCH', ONE, { body: { sponsorId: 7777 } }),
        await ask('PATCH', ONE, { body: { friend: 7777 } }),
      ];
      expect(refused.map(({ status }) => status)).toEqual([422, 409, 409, 409, 422, 422]);
      expect(JSON.stringify(refused.map(({ body }) => body))).not.toMatch(/hush|7777/);
    });

    test('what GET answers, sent back, leaves them as they are', async () => {
      const { ask, stored } = await club();
      expect(await stored()).toEqual(all);
      const { body, headers } = await ask('GET', ONE);
      const put = await ask('PUT', ONE, { body, headers: { 'if-match': String(headers['etag']) } });
      expect(put).toMatchObject({ status: 200, body: shown, headers: { etag: headers['etag'] } });
      expect(await stored()).toEqual(all);
      await ask('PATCH', ONE, { body: { name: 'Eve', office: { door: 'X' }, others: [{ door: 'D' }, { door: 'E' }] } });
      expect(await stored()).toEqual(['hush-1', 'hush-2', 'hush-3', 'hush-5']);
      expect(await ask('PUT', ONE, { body: { name: 'Eve', home: { door: 'Y' } } })).toMatchObject({
        status: 200,
        body: { name: 'Eve', home: { door: 'Y' }, office: null, others: null },
      });
      expect(await stored()).toEqual(['hush-1', 'hush-2']);
    });

    test('a patch that replaces nested values as a whole leaves them as they are', async () => {
      const { ask, stored } = await club();
      const patch = async (property: string, value: unknown) => {
        const answer = await ask('PATCH', `${ONE}?replace=${property}`, { body: { [property]: value } });
        expect(answer).toMatchObject({ status: 200, body: { [property]: value } });
      };
      await patch('others', [{ door: 'C' }, { door: 'D2' }]);
      expect(await stored()).toEqual(['hush-1', 'hush-2', 'hush-3', 'hush-4']);
      await patch('office', { door: 'X' });
      expect(await stored()).toEqual(['hush-1', 'hush-2', 'hush-3', 'hush-4']);
      await ask('PATCH', `${ONE}?replace=office`, { body: { office: { door: 'X', pin: null } } });
      expect(await stored()).toEqual(['hush-1', 'hush-2', 'hush-4']);
    });

    test('a record sets them and removes them', async () => {
      const { ask, stored } = await club();
      const body = { password: 'hush-a', home: { pin: null }, office: { pin: 'hush-b' }, sponsorId: null };
      expect(await ask('PATCH', ONE, { body })).toMatchObject({ status: 200, body: shown });
      expect(await stored()).toEqual(['hush-a', 'hush-b', 'hush-4', 'hush-5']);
      const whole = { ...shown, password: 'hush-c', office: { door: 'B', pin: null } };
      expect(await ask('PUT', ONE, { body: whole })).toMatchObject({ status: 200, body: shown });
      expect(await stored()).toEqual(['hush-c', 'hush-4', 'hush-5']);
      expect(await ask('PUT', `${MEMBERS}/2`, { body: { name: 'New' } })).toMatchObject({
        status: 422,
        body: { errors: [{ property: 'password' }] },
      });
      expect(await ask('PATCH', ONE, { body: { password: null } })).toMatchObject({ status: 422 });
    });

    describe('members with another name in the stored JSON', () => {
      const SITE = '/api/databases/sites/site/1';
      const safe = (doorNumber: number) => ({
        doorNumber,
        pinCode: `hush-${doorNumber}a`,
        mark: `hush-${doorNumber}b`,
        innerDoor: { door: 'I', pin: `hush-${doorNumber}c` },
      });
      const secretsOf = (...doors: number[]) =>
        doors.flatMap((door) => ['a', 'b', 'c'].map((one) => `hush-${door}${one}`));

      async function site() {
        const place = apart(await makePlace());
        await makeTables(place, sites);
        const { ask } = await serve(place, sites);
        const body = {
          id: 1,
          firstSafe: safe(1),
          allSafes: [safe(2), safe(3)],
          building: { streetName: 'Main', mainSafe: safe(4) },
        };
        const created = await ask('POST', '/api/databases/sites/site', { body });
        expect(created.status).toBe(201);
        const answered = async (method: 'PUT' | 'PATCH', sent: unknown, query = '') => {
          const answer = await ask(method, `${SITE}${query}`, { body: sent });
          expect(answer).toMatchObject({ status: 200 });
          expect(JSON.stringify(answer)).not.toMatch(/hush/);
          return answer;
        };
        const stored = async () =>
          (JSON.stringify(await place.rowsOf('sites', 'sites')).match(/hush-\w+/g) ?? []).toSorted();
        return { ask, created, answered, stored };
      }

      test('no answer shows them', async () => {
        const { ask, created, answered, stored } = await site();
        expect(await stored()).toEqual(secretsOf(1, 2, 3, 4));
        const answers = [created, await ask('GET', SITE), await ask('GET', '/api/databases/sites/site')];
        expect(JSON.stringify(answers)).toContain('door_number');
        expect(JSON.stringify(answers)).not.toMatch(/hush/);
        const { etag } = (await ask('GET', SITE)).headers;
        expect((await answered('PATCH', { firstSafe: { pinCode: 'hush-new' } })).headers['etag']).toBe(etag);
        expect(await stored()).toEqual([...secretsOf(1, 2, 3, 4).slice(1), 'hush-new']);
      });

      test('what GET answers, sent back, leaves them as they are', async () => {
        const { ask, answered, stored } = await site();
        const { body, headers } = await ask('GET', SITE);
        expect((await answered('PUT', body)).headers['etag']).toBe(headers['etag']);
        expect(await stored()).toEqual(secretsOf(1, 2, 3, 4));
        const { firstSafe } = body as unknown as Record<string, unknown>;
        await answered('PUT', { ...body, firstSafe: JSON.stringify(firstSafe) });
        expect(await stored()).toEqual(secretsOf(1, 2, 3, 4));
      });

      test('with the names of the properties as well', async () => {
        const { ask, answered, stored } = await site();
        const shownSafe = (doorNumber: number) => ({ doorNumber, innerDoor: { door: 'I' } });
        const named = {
          firstSafe: shownSafe(1),
          allSafes: [shownSafe(3), { doorNumber: 5 }],
          building: { streetName: 'Main', mainSafe: shownSafe(4) },
        };
        await answered('PUT', named);
        expect(await stored()).toEqual(secretsOf(1, 3, 4));
        await answered('PATCH', { firstSafe: { doorNumber: 7 } });
        expect((await ask('GET', SITE)).body).toMatchObject({ firstSafe: { door_number: 7 } });
        expect(await stored()).toEqual(secretsOf(1, 3, 4));
        await answered('PATCH', {
          firstSafe: { pinCode: null, mark: null },
          building: { mainSafe: { doorNumber: 8 } },
        });
        expect(await stored()).toEqual(['hush-1c', ...secretsOf(3, 4)]);
      });
    });
  });
});
