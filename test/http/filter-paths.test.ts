/** Lists filter by paths that end like a comparison. */
import { expect, test } from '@jest/globals';
import { Embeddable, Embedded, Entity, Index, PrimaryKey, Property } from '@mikro-orm/decorators/legacy';
import type { DatabaseDeclaration } from '../../src/database/declaration.ts';
import { forEachEngineThoroughly } from '../support/engines.ts';
import { makeTables, serve } from '../support/served.ts';

@Embeddable()
class Phone {
  @Property({ type: 'string' })
  @Index()
  prefix!: string;

  @Property({ type: 'integer' })
  @Index()
  lt!: number;

  @Property({ type: 'integer' })
  gt!: number;
}

@Entity({ tableName: 'contacts' })
class Contact {
  @PrimaryKey({ type: 'integer', autoincrement: false })
  id!: number;

  @Embedded({ entity: () => Phone })
  phone!: Phone;
}

const declared: readonly DatabaseDeclaration[] = [
  { name: 'contacts', entities: [{ name: 'contact', entity: Contact }] },
];

const CONTACTS = '/api/databases/contacts/contact';

forEachEngineThoroughly((makePlace) => {
  test('a member that is called as a comparison is one', async () => {
    const place = await makePlace();
    await makeTables(place, declared);
    const { ask } = await serve(place, declared);
    for (const [id, prefix, lt] of [
      [1, '47', 5],
      [2, '470', 6],
    ] as const) {
      const body = { id, phone: { prefix, lt, gt: 0 } };
      expect(await ask('POST', CONTACTS, { body })).toMatchObject({ status: 201 });
    }
    const found = async (query: string) => (await ask('GET', `${CONTACTS}?${query}`)).body.rows.map(({ id }) => id);
    expect(await found('filter.phone.prefix=47')).toEqual([1]);
    expect(await found('filter.phone.prefix.prefix=47')).toEqual([1, 2]);
    expect(await found('filter.phone.prefix.gt=47')).toEqual([2]);
    expect(await found('filter.phone.lt=5')).toEqual([1]);
    expect(await found('filter.phone.lt.null=true')).toEqual([]);
    const refused = await ask('GET', `${CONTACTS}?filter.phone.gt=1`);
    expect(refused).toMatchObject({ status: 400 });
    expect(refused.body.detail).toContain('"phone.gt" is not an indexed property of contact');
  });
});
