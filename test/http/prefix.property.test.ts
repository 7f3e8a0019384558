/** Lists of rows whose text begins with a prefix: those that JavaScript finds too, whatever characters are in it. */
import { expect, test } from '@jest/globals';
import { Entity, Index, PrimaryKey, Property } from '@mikro-orm/decorators/legacy';
import fc from 'fast-check';
import type { DatabaseDeclaration } from '../../src/database/declaration.ts';
import { depth } from '../support/depth.ts';
import { forEachEngineThoroughly } from '../support/engines.ts';
import { makeTables, serve } from '../support/served.ts';

@Entity({ tableName: 'labels' })
class Label {
  @PrimaryKey({ type: 'integer', autoincrement: false })
  id!: number;

  @Property({ type: 'text' })
  @Index()
  name!: string;

  @Property({ type: 'string', length: 40, collation: 'nocase' })
  @Index()
  code!: string;
}

const labels: readonly DatabaseDeclaration[] = [{ name: 'labels', entities: [{ name: 'label', entity: Label }] }];

const PATH = '/api/databases/labels/label';

/** Wildcards and escapes of LIKE, neighbours of A–Z and a–z, and of the surrogates. */
const CHARACTERS = [
  'a',
  'A',
  'b',
  'z',
  'Z',
  '@',
  '[',
  '`',
  '{',
  '%',
  '_',
  '\\',
  "'",
  'ä',
  '\ud7ff',
  '\ue000',
  '\uffff',
  '😀',
  '\u{10ffff}',
];

const text = (minLength: number) =>
  fc.array(fc.constantFrom(...CHARACTERS), { minLength, maxLength: 4 }).map((all) => all.join(''));

function lower(one: string): string {
  return one.replace(/[A-Z]/g, (letter) => letter.toLowerCase());
}

forEachEngineThoroughly((makePlace, engine) => {
  test('a prefix has no wildcards, and the case that its column distinguishes', async () => {
    const place = await makePlace();
    await makeTables(place, labels);
    const { ask } = await serve(place, labels);
    const idsWith = async (property: string, prefix: string) => {
      const { status, body } = await ask('GET', `${PATH}?filter.${property}.prefix=${encodeURIComponent(prefix)}`);
      expect(status).toBe(200);
      return body.rows.map(({ id }) => id);
    };
    await fc.assert(
      fc.asyncProperty(fc.array(text(1), { minLength: 1, maxLength: 12 }), text(1), async (texts, prefix) => {
        await place.execute('labels', 'delete from labels');
        for (const [id, one] of texts.entries()) {
          expect((await ask('POST', PATH, { body: { id, name: one, code: one } })).status).toBe(201);
        }
        const idsOf = (isFound: (one: string) => boolean) => texts.flatMap((one, id) => (isFound(one) ? [id] : []));
        expect(await idsWith('name', prefix)).toEqual(idsOf((one) => one.startsWith(prefix)));
        const isFound = (one: string) =>
          engine === 'sqlite' ? lower(one).startsWith(lower(prefix)) : one.startsWith(prefix);
        expect(await idsWith('code', prefix)).toEqual(idsOf(isFound));
      }),
      { numRuns: depth(30, 300) },
    );
  });

  test('only text has prefixes', async () => {
    const place = await makePlace();
    await makeTables(place, labels);
    const { ask } = await serve(place, labels);
    const refused = await ask('GET', `${PATH}?filter.id.prefix=1`);
    expect([refused.status, refused.body.detail]).toEqual([400, 'filter: "id" is not text, which .prefix is for.']);
    expect((await ask('GET', `${PATH}?filter.name.prefix=`)).status).toBe(400);
    const { paths } = (await ask('GET', '/openapi.json')).body;
    const parameters = paths[PATH]?.['get']?.['parameters'] as readonly { readonly name: string }[];
    expect(parameters.map(({ name }) => name).filter((name) => name.endsWith('.prefix'))).toEqual([
      'filter.name.prefix',
      'filter.code.prefix',
    ]);
  });
});
