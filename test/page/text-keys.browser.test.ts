/** Entities whose keys are texts. */
import { test } from '@jest/globals';
import { Entity, PrimaryKey, Property } from '@mikro-orm/decorators/legacy';
import type { DatabaseDeclaration } from '../../src/database/declaration.ts';
import { describeInBrowser, openPage } from '../support/browser/page.ts';
import { sqlitePlace } from '../support/engines.ts';
import { makeFolder } from '../support/folder.ts';
import { makeTables, serve } from '../support/served.ts';

@Entity()
class Doctor {
  @PrimaryKey({ type: 'text' })
  code!: string;

  @Property({ type: 'text' })
  fullName!: string;
}

@Entity()
class Visit {
  @PrimaryKey({ type: 'integer', autoincrement: false })
  id!: number;

  @Property({ type: 'text' })
  doctorCode!: string;
}

const declared: readonly DatabaseDeclaration[] = [
  { name: 'doctors', entities: [{ name: 'doctor', entity: Doctor }] },
  {
    name: 'visits',
    entities: [{ name: 'visit', entity: Visit, references: { doctorCode: { database: 'doctors', entity: 'doctor' } } }],
  },
];

describeInBrowser('text keys', () => {
  test('a reference has the name of its row, which is not its key', async () => {
    const place = sqlitePlace(makeFolder());
    await makeTables(place, declared);
    const served = await serve(place, declared);
    const code = 'Dr. A/1 <b>';
    await served.ask('POST', '/api/databases/doctors/doctor', { body: { code, fullName: 'Ann Abel' } });
    await served.ask('POST', '/api/databases/visits/visit', { body: { id: 1, doctorCode: code } });
    const page = await openPage(served, '#/data/visits/visit/1');
    await page.getByRole('link', { name: `doctor ${code} · Ann Abel` }).click();
    await page.getByRole('heading', { name: `doctor ${code}` }).waitFor();
  });
});
