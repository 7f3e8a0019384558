/** docs/reference/error-codes.md. The types of the keys are the code's own: a code that is missing here, or gone, does not compile. */
import type { EntityClass } from '@mikro-orm/core';
import { allTables } from '../../src/database/declaration.ts';
import { code, page, table } from './markdown.ts';
import { rulesOf } from './rules.ts';
import { catalog, Database, type ErrorCode, MEMORY, type OrderOutcome, shapeOf } from './sources.ts';

const ERRORS: Readonly<Record<ErrorCode | 'interrupted' | 'unexpected', string>> = {
  usage: 'the command line, a variable or a setting is wrong; exit code 2',
  package: 'a package that is needed is not installed; the sentence says how to install it',
  source: 'a file cannot be read, or is not what its name or `--format` says',
  database: 'a database cannot be opened, read or written',
  identity: 'a database belongs to another role or region than the one it is opened as',
  locked: 'another process has locked the database',
  migration: 'a migration failed, is pending, or is unknown to this version',
  directory: 'a directory, or a file in it, cannot be written',
  transport: 'events cannot be shipped from a region to central',
  event: 'central cannot apply an event',
  purged: 'events that were asked for have been purged',
  document: 'the document store refuses a document',
  rejects: 'more records were rejected than `--max-rejects` allows; the run is stopped',
  program: 'the program failed in a way that was not foreseen; run the command with `--verbose` and report it',
  demo: 'the demo found that something it says is not so',
  interrupted: 'the command was interrupted before it began its work; exit code 130',
  unexpected: 'an error that is not one of these; run the command with `--verbose` and report it',
};

const REJECTIONS: Readonly<Record<string, string>> = {
  parse: 'the record, or a value in it, cannot be read as its type, or a required value is missing',
  column: 'the column cannot hold the value',
  duplicate: 'another record of the source, or a stored row, has the same id or natural key',
  conflict: 'a row with this id is stored with other content, and `--on-conflict` is `reject`',
  reference: 'the record refers to a row that does not exist',
  refused: 'the database refused the record for a rule that the entity does not declare',
};

type RefusalCode = Extract<OrderOutcome, { readonly result: 'refused' }>['reasons'][number]['code'];

const REFUSALS: Readonly<Record<RefusalCode, string>> = {
  'unknown-user': 'the user does not exist',
  'unknown-product': 'the product does not exist',
  'not-sold': 'the region has never received the product',
  'out-of-stock': 'less is on hand than was ordered',
};

export async function errorCodesPage(): Promise<string> {
  return page(
    'Error codes',
    'Programs decide by a code, people read the sentence beside it. Codes are stable; sentences may change.',
    '## Errors',
    'With `--json`, a command that fails prints `{"error": "…", "code": "…"}`. Unless the table says otherwise, it exits with 1.',
    codes(ERRORS),
    '## Rejected records',
    'Each error in a [rejects file](../guides/loading-files.md#rejected-records) has a `code`, the `property` (or `null`) and a `message`. ' +
      'It is one of these, or the name of the class-validator rule that the value breaks:',
    codes(REJECTIONS),
    table(
      ['database', 'rules'],
      await Promise.all(
        allTables(catalog).map(async ({ database, entity, name: table }) => {
          const described = await Database.unconnected(database, { location: { engine: 'sqlite', file: MEMORY } });
          const metadata = described.metadataOf(entity.entity);
          const names = shapeOf(metadata).properties.flatMap(({ name }) =>
            rulesOf(entity.entity as EntityClass<object>, name).map((rule) => rule.name),
          );
          return [table, [...new Set(names)].sort().map(code).join(', ')];
        }),
      ),
    ),
    '## Refused orders',
    'With `--json`, `order place` prints each reason with a `code` and exits with 1. Nothing was taken from stock.',
    codes(REFUSALS),
  );
}

function codes(meanings: Readonly<Record<string, string>>): string {
  return table(
    ['code', 'meaning'],
    Object.entries(meanings).map(([name, meaning]) => [code(name), meaning]),
  );
}
