/** Validates file settings of a program, which may not have been type-checked. */
import { MeridianError } from '../shared/errors.ts';
import { suggestion } from '../shared/text/suggest.ts';
import { quoted } from '../shared/text/visible.ts';
import { FILE_SETTINGS } from './read/dialect.ts';
import { contradictionIn, VALUE_SETTINGS } from './record/value-settings.ts';

const RULES = { ...FILE_SETTINGS, ...VALUE_SETTINGS };

/**
 * @param where names the settings in messages
 * @throws MeridianError `usage` for an unknown setting, or an invalid value
 */
export function validateSettings(where: string, settings: Readonly<Record<string, unknown>>): void {
  for (const [name, value] of Object.entries(settings)) {
    const rule = Object.hasOwn(RULES, name) ? RULES[name as keyof typeof RULES] : undefined;
    if (rule === undefined) {
      throw new MeridianError(
        'usage',
        `${where} has a key "${name}" that is not known. ${suggestion(name, Object.keys(RULES))}`,
      );
    }
    if (value !== undefined && !rule.isRight(value)) {
      throw new MeridianError('usage', `${where}.${name} is ${quoted(String(value))}, and has to be ${rule.expected}.`);
    }
  }
  const contradiction = contradictionIn(settings);
  if (contradiction !== undefined) {
    throw new MeridianError('usage', `${where}: ${contradiction}`);
  }
}
