/** Whether a rule is really class-validator's own: anybody can give a rule of another meaning the name `isEmail`. */
import { createRequire } from 'node:module';
import { dirname, join, sep } from 'node:path';
import { getCallSites } from 'node:util';
import type { ValidatorConstraintInterface } from 'class-validator';

const LIBRARY = dirname(createRequire(import.meta.url).resolve('class-validator'));
const DECORATORS = join(LIBRARY, 'decorator') + sep;
const REGISTER = join(LIBRARY, 'register-decorator.js');

/**
 * Calls a rule once and looks at who asks for its constraints: a function of a decorator of class-validator's, called
 * by what its `registerDecorator` puts around every validator, called from here. Rules that never look at their
 * constraints cannot be told apart; for them, and wherever class-validator is bundled with other code, this is false.
 */
export function isOwnRule(instance: ValidatorConstraintInterface, constraints: readonly unknown[]): boolean {
  let callers: string[] = [];
  const rule = {
    targetName: '',
    property: '',
    object: {},
    value: '',
    get constraints() {
      callers = getCallSites(4, { sourceMap: false }).map(({ scriptName }) => scriptName);
      return [...constraints];
    },
  };
  try {
    instance.validate('', rule);
  } catch {
    // a rule of somebody else's, which does not expect to be called like this
    return false;
  }
  const [here, asking, around, from] = callers;
  return asking?.startsWith(DECORATORS) === true && around === REGISTER && from === here;
}
