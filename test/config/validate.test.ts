/** A config that no compiler has checked: every key that is not as it should be is named. */
import { inspect } from 'node:util';
import { expect, test } from '@jest/globals';
import { EntitySchema } from '@mikro-orm/core';
import { validateConfig } from '../../src/config/validate.ts';

class Customer {}
class Shipment {}

const schema = new EntitySchema({ name: 'Parcel', properties: { id: { type: 'integer', primary: true } } });

const withDatabase = (database: unknown) => ({ databases: { customers: database } });
const withEntity = (entity: unknown) => withDatabase({ entities: { customer: entity } });

const withFiles = (files: unknown) => withEntity({ entity: Customer, files });

test('a config with every key is accepted as it is', () => {
  const config = {
    databases: {
      customers: {
        orm: './mikro-orm.config.ts',
        entities: {
          customer: { entity: Customer, naturalKeys: [['email'], { properties: ['name'], ignoreCase: true }] },
        },
      },
      parcels: { orm: { dbName: 'parcels.db' }, entities: { parcel: schema, shipment: Shipment }, others: [schema] },
      'parcel-events': {
        orm: () => ({}),
        entities: {
          shipment: {
            entity: Shipment,
            references: { customerId: 'customers.customer' },
            outboxMapping: { entity: Shipment, eventOf: () => ({}), unpublishedEventsOf: () => ({}) },
            isExempt: () => false,
            sample: 'samples/shipments.csv',
            load: ['exports/shipments-*.csv', 'https://example.com/shipments.csv'],
            map: { customerId: 'Customer No' },
            files: [
              { delimiter: ';', decimal: ',', thousands: '.', nulls: ['NA'], skipLines: 2, strictFormat: true },
              { match: 'exports/*.txt', columns: ['id', 'customerId'], dateFormat: ['dd.MM.yyyy', 'd.M.yyyy'] },
            ],
          },
        },
      },
    },
    modules: [{}],
    rejects: 'rejected',
    log: 'app.log',
    maxRejects: '1%',
    allOrNothing: true,
    onConflict: 'update',
    onlyNew: true,
    strict: true,
    serve: { run: ['sync'] },
    limits: { batchRecords: 10, transactionRecords: 100, threadRecords: 1 },
  };
  expect(validateConfig('meridian.config.ts', config)).toBe(config);
});

test.each([
  ['no object', [], 'has [] for default, which has to be an object with databases, as defineConfig takes it.'],
  ['no databases', {}, 'has nothing for databases, which has to be an object: the name of a database -> its config.'],
  ['an unknown key', { databases: {}, reject: 'x' }, 'has a key "reject" that is not known. Did you mean rejects?'],
  [
    'a key that is like no other',
    { databases: {}, colour: 'x' },
    'has a key "colour" that is not known. There are databases, modules, rejects, maxRejects, onConflict, allOrNothing, onlyNew, strict, log, limits, serve.',
  ],
  [
    'the name of a database',
    { databases: { Customers: { entities: {} } } },
    'has a database "Customers". A name has up to 40 lower case letters, digits and single hyphens, such as customers.',
  ],
  ['no entities', withDatabase({}), 'has nothing for databases.customers.entities, which has to be'],
  [
    'an unknown key of a database',
    withDatabase({ entity: Customer }),
    'has a key "entity" in databases.customers that is not known. Did you mean entities?',
  ],
  [
    'options that are none',
    withDatabase({ orm: 7, entities: {} }),
    'has 7 for databases.customers.orm, which has to be MikroORM options, a function that returns them, or the path of a MikroORM config.',
  ],
  [
    'the name of an entity',
    withDatabase({ entities: { 'a.b': Customer } }),
    'has an entity "a.b" in databases.customers. A name has letters, digits, and single hyphens, such as depot.',
  ],
  ['an entity that is none', withEntity('Customer'), "has 'Customer' for databases.customers.entities.customer, which"],
  ['an entity without a class', withEntity({}), 'has nothing for databases.customers.entities.customer.entity, which'],
  [
    'a key that is misspelt',
    withEntity({ entity: Customer, naturalKey: [['email']] }),
    'has a key "naturalKey" in databases.customers.entities.customer that is not known. Did you mean naturalKeys?',
  ],
  [
    'a natural key that is no list',
    withEntity({ entity: Customer, naturalKeys: ['email'] }),
    "has 'email' for databases.customers.entities.customer.naturalKeys[0], which has to be one of the lists of properties",
  ],
  [
    'an unknown key of a natural key',
    withEntity({ entity: Customer, naturalKeys: [{ properties: ['email'], ignorecase: true }] }),
    'has a key "ignorecase" in databases.customers.entities.customer.naturalKeys[0] that is not known. Did you mean ignoreCase?',
  ],
  [
    'a reference to nothing',
    withEntity({ entity: Customer, references: { parentId: 'customers.custmer' } }),
    'refers to "customers.custmer" in databases.customers.entities.customer.references.parentId, and no database has that entity. Did you mean customers.customer?',
  ],
  [
    'a reference that is no name',
    withEntity({ entity: Customer, references: { parentId: Customer } }),
    'has [class Customer] for databases.customers.entities.customer.references.parentId, which',
  ],
  [
    'an outbox mapping',
    withEntity({ entity: Customer, outboxMapping: { entty: Customer } }),
    'has a key "entty" in databases.customers.entities.customer.outboxMapping that is not known. Did you mean entity?',
  ],
  [
    'no function',
    withEntity({ entity: Customer, isExempt: true }),
    'has true for databases.customers.entities.customer.isExempt',
  ],
  [
    'an empty path',
    withEntity({ entity: Customer, sample: ' ' }),
    "has ' ' for databases.customers.entities.customer.sample",
  ],
  [
    'an unknown setting of files',
    withFiles({ delimeter: ';' }),
    'has a key "delimeter" in databases.customers.entities.customer.files that is not known. Did you mean delimiter?',
  ],
  [
    'an unknown setting of some files',
    withFiles([{}, { match: '*.txt', decimals: ',' }]),
    'has a key "decimals" in databases.customers.entities.customer.files[1] that is not known. Did you mean decimal?',
  ],
  [
    'settings that are none',
    withFiles('exports/*.csv'),
    "has 'exports/*.csv' for databases.customers.entities.customer.files, which has to be an object with settings of files, or a list of such.",
  ],
  [
    'a list of what is none',
    withFiles([';']),
    "has ';' for databases.customers.entities.customer.files[0], which has to be an object",
  ],
  ...(
    [
      ['match', 3, 'a pattern of paths'],
      ['format', 'excel', 'one of csv, '],
      ['delimiter', ';;', 'one character other than a quote, a letter, a digit or a line break, such as ; (or tab)'],
      ['encoding', 'ebcdic', 'an encoding such as utf-8'],
      ['quote', 'x', 'one character other than a letter, a digit or a line break, or none'],
      ['trim', true, 'all or none'],
      ['comment', '', 'what lines begin with that are comments, such as #'],
      ['skipLines', '2', 'a whole number from 0'],
      ['columns', 'id,name', 'names of columns, each once'],
      ['sheet', 0, 'the name of a sheet, or its number from 1'],
      ['jsonPath', 7, 'keys with full stops between them, such as data.items'],
      ['strictFormat', 'yes', 'true or false'],
      ['decimal', ';', 'a comma or a full stop'],
      ['thousands', ';', "one of . , ' ’ _ and a space"],
      ['currency', '€', 'signs without digits, such as € or EUR'],
      ['nulls', 'NA', 'texts such as NA'],
      ['negative', '()', 'parentheses, for (12.50), or trailing, for 12.50-'],
      ['dateFormat', 'dd.MM.', 'a pattern of yyyy (or yy), MM (or MMM), dd, HH, mm and ss such as dd.MM.yyyy'],
      ['timezone', 'Berlin', 'a time zone such as Europe/Berlin or UTC'],
    ] as const
  ).map(([name, value, expected]): [string, object, string] => [
    `a value that ${name} cannot have`,
    withFiles({ [name]: value }),
    `has ${inspect(value)} for databases.customers.entities.customer.files.${name}, which has to be ${expected}`,
  ]),
  [
    'settings that contradict each other',
    withFiles([{ decimal: ',', thousands: ',' }]),
    'has settings in databases.customers.entities.customer.files[0] that contradict each other: "," cannot both be',
  ],
  [
    'files to load that are none',
    withEntity({ entity: Customer, load: [] }),
    "has [] for databases.customers.entities.customer.load, which has to be the path of a file or a folder, a pattern such as 'exports/*.csv', a URL, or a list of such.",
  ],
  [
    'a map that names no column',
    withEntity({ entity: Customer, map: { email: 3 } }),
    'has 3 for databases.customers.entities.customer.map.email, which has to be the name of a column.',
  ],
  [
    'an action on conflicts',
    { databases: {}, onConflict: 'replace' },
    "has 'replace' for onConflict, which has to be reject or update.",
  ],
  [
    'no service',
    { databases: {}, serve: { run: 'sync' } },
    "has 'sync' for serve.run, which has to be names of services",
  ],
  ['no truth', { databases: {}, onlyNew: 'yes' }, "has 'yes' for onlyNew, which has to be true or false."],
  [
    'a module that was not called',
    { databases: {}, modules: [() => ({})] },
    'has [Function (anonymous)] for modules[0], which has to be one of the modules, in an array such as [shop()].',
  ],
  ['a path that is none', { databases: {}, rejects: 3 }, 'has 3 for rejects, which has to be a path.'],
  [
    'too large a share',
    { databases: {}, maxRejects: '200%' },
    "has '200%' for maxRejects, which has to be a whole number from 0, or a share such as '1%'.",
  ],
  [
    'a limit',
    { databases: {}, limits: { batchRecords: 0 } },
    'has 0 for limits.batchRecords, which has to be a whole number from 1.',
  ],
])('%s', (_, config, sentence) => {
  expect(() => validateConfig('/p/meridian.config.ts', config)).toThrow(`/p/meridian.config.ts ${sentence}`);
});
