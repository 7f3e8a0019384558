/** Which table the keys of a file fit, where they are those of objects. */
import { expect, test } from '@jest/globals';
import { Embeddable, Embedded, Entity, PrimaryKey, Property } from '@mikro-orm/decorators/legacy';
import { Database } from '../../../src/database/database.ts';
import { tableOf } from '../../../src/database/table.ts';
import { fitsOf, isLoadable } from '../../../src/populate/inspect/fit.ts';

@Embeddable()
class Address {
  @Property({ type: 'string' })
  street!: string;

  @Property({ type: 'string', nullable: true })
  city!: string | null;
}

@Entity({ tableName: 'houses' })
class House {
  @PrimaryKey({ type: 'integer', autoincrement: false })
  id!: number;

  @Embedded(() => Address)
  address!: Address;
}

async function fitOf(structure: Readonly<Record<string, unknown>>) {
  const declaration = { name: 'houses', entities: [{ name: 'house', entity: House }] };
  const database = await Database.unconnected(declaration, { create: false });
  try {
    const [fit] = fitsOf('houses.json', structure, [tableOf(database, 'house')], {});
    return fit === undefined ? undefined : { ...fit, isLoadable: isLoadable(fit), matched: [...fit.matched.values()] };
  } finally {
    await database.close();
  }
}

test.each<[string, Record<string, unknown>, boolean, string[], string[]]>([
  [
    'all members',
    { id: true, address: { street: true, city: true } },
    true,
    ['id', 'address.street', 'address.city'],
    [],
  ],
  ['some members', { id: true, address: { city: true } }, false, ['id', 'address.city'], []],
  ['others', { id: true, address: { street: true, zip: true } }, true, ['id', 'address.street'], ['address.zip']],
  ['columns', { id: true, address_street: true }, true, ['id', 'address_street'], []],
  ['a column that is no object', { id: true, address: true }, false, ['id'], ['address']],
])('%s', async (_what, structure, isFitting, matched, unknown) => {
  expect(await fitOf(structure)).toMatchObject({ isLoadable: isFitting, matched, unknown });
});
