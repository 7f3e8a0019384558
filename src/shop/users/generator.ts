/** Generates users with names of people, and addresses in reserved domains (RFC 2606). */
import { faker } from '@faker-js/faker/locale/en';
import { type Domain, fieldMutations, pick, randomOf, type Setting } from '../../generate/index.ts';

const { first_name, last_name } = faker.definitions.person;
const FIRST_NAMES = named(first_name.generic, first_name.female, first_name.male);
const LAST_NAMES = named(last_name.generic);
const MAIL_DOMAINS = faker.definitions.internet.example_email;

interface Name {
  readonly name: string;
  /** The part of an address: "okeefe" for "O'Keefe". */
  readonly mailbox: string;
}

function named(...lists: readonly (readonly string[] | undefined)[]): readonly Name[] {
  const names = new Set(lists.flatMap((list) => list ?? []));
  return [...names].map((name) => ({ name, mailbox: name.toLowerCase().replace(/[^a-z]/g, '') }));
}

const columns = ['id', 'name', 'email'];
const { breaking, breakingWholeNumber, repeating } = fieldMutations(columns);

export function users({ keyFor }: Setting): Domain {
  const key = keyFor('users');
  return {
    columns,
    numbers: ['id'],
    fields(number) {
      const random = randomOf(key, number);
      const first = pick(random, FIRST_NAMES);
      const last = pick(random, LAST_NAMES);
      // the number makes the address unique, because no name begins with a digit; it comes first, so that addresses
      // are in the order of the ids
      const email = `${number}.${first.mailbox}.${last.mailbox}@${pick(random, MAIL_DOMAINS)}`;
      return [String(number), `${first.name} ${last.name}`, email];
    },
    mutations: [
      ...breakingWholeNumber('id'),
      breaking('name', 'isNotEmpty', () => ''),
      breaking('name', 'maxLength', (name) => name.padEnd(150, ` ${name}`)),
      breaking('email', 'isNotEmpty', () => '  '),
      breaking('email', 'isEmail', (email) => email.replace('@', ' at ')),
      breaking('email', 'isEmail', (email) => email.replace('@', '@@')),
      breaking('email', 'isEmail', (email) => email.replace(/\.[a-z]+$/, '')),
      breaking('email', 'isVisible', (email) => email.replace('@', '\u200b@')),
      // an address that is too long is also an invalid one
      breaking('email', ['isEmail', 'maxLength'], (email) => email.replace('@', `@${'mail.'.repeat(60)}`)),
      repeating(['id']),
      repeating(['email'], undefined, (email) => email.toUpperCase()),
    ],
  };
}
