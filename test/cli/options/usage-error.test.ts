/** The message for a command line that commander rejects. */
import { expect, test } from '@jest/globals';
import { usageError } from '../../../src/cli/options/usage-error.ts';

const refused = (argument: string) =>
  `error: option '--item <product x quantity>' argument '${argument}' is invalid. Write it otherwise.\n`;

test('a long argument is cut before the reason, and made safe for a terminal', () => {
  expect(usageError(refused('x'.repeat(20_000)))).toBe(refused(`${'x'.repeat(60)}…`));
  expect(usageError(`error: command-argument value '${'x'.repeat(99)}' is invalid for argument 'id'. No.\n`)).toBe(
    `error: command-argument value '${'x'.repeat(60)}…' is invalid for argument 'id'. No.\n`,
  );
  expect(usageError(refused("it's\n\u001b[31mred"))).toBe(refused("it's\ufffdred"));
});

test.each([
  ["error: unknown command '", "'\n(npx meridian --help lists the commands)\n"],
  ["error: unknown option '", "'\n"],
  ['error: too many arguments. Expected 0 arguments but got 1: ', '.\n'],
])('%j fits on one line, whatever follows it', (before, after) => {
  const [shown] = after.split('\n');
  const said = usageError(`${before}a\u001b]0;x\u0007\r\n\u202eb\u0085${shown}\n`);
  expect(said).toBe(`${before}a\ufffd\ufffd\ufffdb\ufffd${after}`);
  expect(usageError(`${before}\n(Did you mean \u001b[31m?)${shown}\n`)).not.toContain('\u001b');
});

test('an unknown command or option is cut', () => {
  expect(usageError(`error: unknown option '--${'x'.repeat(20_000)}'\n`)).toBe(
    `error: unknown option '--${'x'.repeat(58)}…'\n`,
  );
  // each argument that might begin here is not followed to the end of all of them
  expect(usageError(refused("argument '".repeat(1_000_000)))).toMatch(
    /argument '.*…' is invalid\. Write it otherwise\.\n$/,
  );
});

test('an unknown command gets a hint where the commands are listed', () => {
  expect(usageError("error: unknown command 'ordr'\n(Did you mean order?)\n")).toBe(
    "error: unknown command 'ordr'\n(Did you mean order?)\n(npx meridian --help lists the commands)\n",
  );
});

test.each([refused('4x'), "error: unknown option '--to'\n", "error: option '--to <when>' argument missing\n"])(
  '%j stays',
  (message) => {
    expect(usageError(message)).toBe(message);
  },
);
