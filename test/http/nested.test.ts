/** Values with members: JSON columns and embedded objects, replaced as a whole or changed by a merge patch (RFC 7396). */
import { describe, expect, test } from '@jest/globals';
import { Embeddable, Embedded, Entity, PrimaryKey, Property } from '@mikro-orm/decorators/legacy';
import type { DatabaseDeclaration } from '../../src/database/declaration.ts';
import { apart, forEachEngineThoroughly } from '../support/engines.ts';
import { makeTables, type Served, serve } from '../support/served.ts';

@Embeddable()
class Address {
  @Property({ type: 'string', nullable: true })
  street?: string | null;

  @Property({ type: 'string', nullable: true, index: true })
  city?: string | null;
}

@Entity()
class Shop {
  @PrimaryKey({ type: 'integer' })
  id!: number;

  @Property({ type: 'json', nullable: true })
  details?: unknown;

  @Embedded(() => Address, { nullable: true })
  address?: Address | null;
}

const declared: readonly DatabaseDeclaration[] = [{ name: 'shops', entities: [{ name: 'shop', entity: Shop }] }];

const SHOPS = '/api/databases/shops/shop';
const ONE = `${SHOPS}/1`;

describe('values with members', () => {
  forEachEngineThoroughly((makePlace) => {
    async function shops(body: unknown): Promise<Served> {
      const place = apart(await makePlace());
      await makeTables(place, declared);
      const served = await serve(place, declared);
      expect(await served.ask('POST', SHOPS, { body })).toMatchObject({ status: 201 });
      return served;
    }

    const details = { open: { mon: '9-17', sun: '10-12' }, tags: [1, { a: null }], note: null, big: 1 };

    test('a member of a JSON value that is null in a patch is removed, at any depth', async () => {
      const { ask } = await shops({ id: 1, details });
      expect((await ask('GET', ONE)).body).toEqual({ id: 1, details, address: null });
      const patch = {
        details: { open: { sun: null, none: null }, tags: null, more: { a: null, b: { c: 2, d: null } } },
      };
      const patched = { open: { mon: '9-17' }, note: null, big: 1, more: { b: { c: 2 } } };
      expect(await ask('PATCH', ONE, { body: patch })).toMatchObject({ status: 200 });
      expect((await ask('GET', ONE)).body).toEqual({ id: 1, details: patched, address: null });
      const array = { details: { open: [null, { x: null }] } };
      expect((await ask('PATCH', ONE, { body: array })).status).toBe(200);
      expect((await ask('GET', ONE)).body).toEqual({ id: 1, details: { ...patched, ...array.details }, address: null });
      expect((await ask('PATCH', ONE, { body: { details: null } })).body).toEqual({
        id: 1,
        details: null,
        address: null,
      });
      expect((await ask('PATCH', ONE, { body: { details: { a: null } } })).body).toEqual({
        id: 1,
        details: {},
        address: null,
      });
    });

    test('a JSON value is replaced as a whole', async () => {
      const { ask } = await shops({ id: 1, details });
      for (const value of [{ open: { tue: null } }, {}, [], [null], 5, true, { a: { b: {} } }]) {
        expect(await ask('PUT', ONE, { body: { details: value } })).toMatchObject({ status: 200 });
        expect((await ask('GET', ONE)).body).toEqual({ id: 1, details: value, address: null });
      }
      expect((await ask('PUT', ONE, { body: {} })).body).toEqual({ id: 1, details: null, address: null });
    });

    test('a member of an embedded object that is null, or left out of its replacement, has no value', async () => {
      const { ask } = await shops({ id: 1, address: { street: 'Main', city: 'Boston' } });
      expect((await ask('PATCH', ONE, { body: { address: { street: null } } })).body).toEqual({
        id: 1,
        details: null,
        address: { street: null, city: 'Boston' },
      });
      expect((await ask('PUT', ONE, { body: { address: { street: 'Side' } } })).body).toEqual({
        id: 1,
        details: null,
        address: { street: 'Side', city: null },
      });
      expect((await ask('PATCH', ONE, { body: { address: null } })).body).toMatchObject({ address: null });
    });

    test('a member of an embedded object is filtered and sorted by as rows show it', async () => {
      const { ask } = await shops({ id: 1, address: { city: 'Boston' } });
      await ask('POST', SHOPS, { body: { id: 2, address: { city: 'Austin' } } });
      await ask('POST', SHOPS, { body: { id: 3 } });
      const ids = async (query: string) => (await ask('GET', `${SHOPS}?${query}`)).body.rows?.map(({ id }) => id);
      expect(await ids('filter.address.city=Boston')).toEqual([1]);
      expect(await ids('filter.address.city.gte=Austin&sort=address.city')).toEqual([2, 1]);
      expect(await ids('filter.address.city.prefix=Au')).toEqual([2]);
      expect(await ids('filter.address.city.null=true')).toEqual([3]);
      expect(await ids('sort=-address.city')).toEqual([1, 2, 3]);
      const list = (await ask('GET', '/openapi.json')).body.paths[SHOPS]?.['get'] as unknown as {
        parameters: readonly { name: string; schema: { enum?: readonly string[] } }[];
      };
      expect(list.parameters.map(({ name }) => name)).toContain('filter.address.city.prefix');
      expect(list.parameters.find(({ name }) => name === 'sort')?.schema.enum).toContain('-address.city');
    });
  });
});
