/** The rules of a user, each at its borders. */
import { describe, expect, test } from '@jest/globals';
import { users } from '../../../src/shop/catalog.ts';
import { User } from '../../../src/shop/users/user.entity.ts';
import { errorsOf, metadataIn, validatorOf } from '../../support/metadata.ts';
import { ID_ERRORS, NOT_WHOLE, SETTING_ADVICE, VALID_IDS } from '../../support/whole-numbers.ts';

const validateUser = validatorOf(metadataIn(users));
const valid = { id: '1', name: 'Ada', email: 'ada@example.com' };

const EMPTY_NAME = { property: 'name', code: 'isNotEmpty', message: 'Name cannot be empty' };
const NAME_NOT_TEXT = { property: 'name', code: 'isString', message: 'Name must be text' };
const LONG_NAME = { property: 'name', code: 'maxLength', message: 'Name can have at most 100 characters' };
const EMPTY_EMAIL = { property: 'email', code: 'isNotEmpty', message: 'Email cannot be empty' };
const EMAIL_NOT_TEXT = { property: 'email', code: 'isString', message: 'Email must be text' };
const LONG_EMAIL = { property: 'email', code: 'maxLength', message: 'Email can have at most 254 characters' };
const NO_EMAIL = { property: 'email', code: 'isEmail', message: 'Email must be a valid address' };

const invisible = (character: string) => ({
  property: 'email',
  code: 'isVisible',
  message: `Email holds an invisible character (${character})`,
});

/** A valid address of so many characters: 64 before the @, and labels of at most 63 behind it. */
const addressOf = (length: number) =>
  `${'a'.repeat(64)}@${'b'.repeat(61)}.${'c'.repeat(61)}.${'d'.repeat(length - 64 - 1 - 62 - 62 - 4)}.com`;

test('a valid record becomes a User', () => {
  const validated = validateUser({ ...valid, id: ' 7 ', name: ' Ada ', email: ' Ada@Example.com ' });
  expect(validated).toEqual({ entity: { id: 7, name: 'Ada', email: 'Ada@Example.com' } });
  expect('entity' in validated && validated.entity).toBeInstanceOf(User);
  expect(String('entity' in validated && validated.entity)).toBe('Ada <Ada@Example.com>');
});

describe('id', () => {
  test.each(VALID_IDS)('%p is valid', (given, id) => {
    expect(validateUser({ ...valid, id: given })).toEqual({ entity: { ...valid, id } });
  });

  test.each(ID_ERRORS)('%p breaks %s', (id, code) => {
    const message = {
      isNotEmpty: 'Id cannot be empty',
      isInt: `Id must be a whole number up to 9007199254740991${SETTING_ADVICE[String(id)] ?? ''}`,
      isPositive: 'Id must be positive',
    }[code];
    expect(errorsOf(validateUser({ ...valid, id }))).toEqual([{ property: 'id', code, message }]);
  });

  test.each(NOT_WHOLE)('the message contains the id that was given: %p', (id) => {
    expect(validateUser({ ...valid, id })).toMatchObject({ id });
  });
});

test('a number beyond what JavaScript holds exactly is no id', () => {
  expect(errorsOf(validateUser({ ...valid, id: 2 ** 53 }))).toEqual([
    { property: 'id', code: 'isInt', message: 'Id must be a whole number up to 9007199254740991' },
  ]);
});

describe('name', () => {
  test.each([
    ['one character', 'A'],
    ['100 characters', 'n'.repeat(100)],
    ['100 characters, and spaces around them', ` ${'n'.repeat(100)} `],
    ['100 characters outside the basic plane', '😀'.repeat(100)],
    ['100 characters from right to left', 'ש'.repeat(100)],
    ['digits, which are text', '12'],
    ['a line break', 'Ada\nLovelace'],
  ])('may be %s', (_what, name) => {
    expect(validateUser({ ...valid, name })).toEqual({ entity: { ...valid, id: 1, name: name.trim() } });
  });

  test.each<[string, unknown, object]>([
    ['empty', '', EMPTY_NAME],
    ['blank', ' \t\u00a0', EMPTY_NAME],
    ['null', null, EMPTY_NAME],
    ['undefined', undefined, EMPTY_NAME],
    ['101 characters', 'n'.repeat(101), LONG_NAME],
    ['101 characters outside the basic plane', '😀'.repeat(101), LONG_NAME],
    ['101 characters from right to left', 'ש'.repeat(101), LONG_NAME],
    ['a number', 12, NAME_NOT_TEXT],
    ['true', true, NAME_NOT_TEXT],
    ['a list', ['Ada'], NAME_NOT_TEXT],
    ['an object', {}, NAME_NOT_TEXT],
  ])('must not be %s', (_what, name, error) => {
    expect(errorsOf(validateUser({ ...valid, name }))).toEqual([error]);
  });
});

describe('email', () => {
  test.each([
    ['short', 'a@b.co'],
    ['with a tag', 'ada+orders@example.com'],
    ['with a letter that is not ASCII', 'josé@example.com'],
    ['of 254 characters', addressOf(254)],
  ])('may be %s', (_what, email) => {
    expect(validateUser({ ...valid, email })).toEqual({ entity: { ...valid, id: 1, email } });
  });

  test.each<[string, unknown, object[]]>([
    ['empty', '', [EMPTY_EMAIL]],
    ['blank', '  ', [EMPTY_EMAIL]],
    ['null', null, [EMPTY_EMAIL]],
    ['undefined', undefined, [EMPTY_EMAIL]],
    ['text without @', 'ada.example.com', [NO_EMAIL]],
    ['text with two', 'ada@@example.com', [NO_EMAIL]],
    ['without a name', '@example.com', [NO_EMAIL]],
    ['without a domain', 'ada@', [NO_EMAIL]],
    ['without a top level domain', 'ada@localhost', [NO_EMAIL]],
    ['with a space', 'ada lovelace@example.com', [NO_EMAIL]],
    ['with a display name', 'Ada <ada@example.com>', [NO_EMAIL]],
    ['two addresses', 'ada@example.com,bo@example.com', [NO_EMAIL]],
    ['of 65 characters before the @', `${'a'.repeat(65)}@example.com`, [NO_EMAIL]],
    ['of 255 characters', addressOf(255), [NO_EMAIL, LONG_EMAIL]],
    ['long and invalid', 'a'.repeat(255), [NO_EMAIL, LONG_EMAIL]],
    ['with a space of no width', 'ada\u200b@example.com', [invisible('U+200B')]],
    ['with a byte order mark in it', 'ada@exam\ufeffple.com', [invisible('U+FEFF')]],
    ['with a soft hyphen', 'ada@example\u00ad.com', [invisible('U+00AD')]],
    ['with a wide space', 'ada\u3000@example.com', [invisible('U+3000')]],
    ['with a space that does not break', 'ada\u00a0l@example.com', [NO_EMAIL, invisible('U+00A0')]],
    ['with a control character in quotes', '"a\u0001b"@example.com', [invisible('U+0001')]],
    ['a number', 5, [EMAIL_NOT_TEXT]],
    ['a list of addresses', ['ada@example.com'], [EMAIL_NOT_TEXT]],
  ])('must not be %s', (_what, email, errors) => {
    expect(errorsOf(validateUser({ ...valid, email }))).toEqual(errors);
  });

  test('the addresses of this test are as long as it says', () => {
    expect([addressOf(254).length, addressOf(255).length]).toEqual([254, 255]);
  });
});

test('all errors of a record are reported', () => {
  expect(errorsOf(validateUser({ id: '-1', name: 'n'.repeat(101), email: 'x'.repeat(255) }))).toEqual([
    NO_EMAIL,
    LONG_EMAIL,
    { property: 'id', code: 'isPositive', message: 'Id must be positive' },
    LONG_NAME,
  ]);
});

test('a record without columns misses every value', () => {
  expect(errorsOf(validateUser({}))).toEqual([
    EMPTY_EMAIL,
    { property: 'id', code: 'isNotEmpty', message: 'Id cannot be empty' },
    EMPTY_NAME,
  ]);
});
