/** Applies the notation in a file's settings to coercions. */
import type { Coercion } from './coercion.ts';
import { dateAdvice, dateReader } from './date-format.ts';
import { numberAdvice, numberReader } from './number-format.ts';
import type { ValueSettings } from './value-settings.ts';

/** The coercion with the settings of a file; for a rejected value, it suggests the setting that may be missing. */
export function withSettings(coercion: Coercion, settings: ValueSettings): Coercion {
  const { quick, ...rest } = coercion;
  const standard = standardOf(coercion, settings);
  const nulls = settings.nulls === undefined ? undefined : new Set(settings.nulls);
  return {
    ...rest,
    ...(quick === undefined || standard !== undefined
      ? {}
      : { quick: nulls === undefined ? quick : unless(nulls, quick) }),
    ...(standard === undefined ? {} : { standard }),
    ...(nulls === undefined ? {} : { nulls }),
    advice: (value) => adviceOn(coercion, settings, value),
  };
}

function unless(nulls: ReadonlySet<string>, quick: NonNullable<Coercion['quick']>): NonNullable<Coercion['quick']> {
  return (text) => (nulls.has(text) ? undefined : quick(text));
}

function standardOf({ reads }: Coercion, settings: ValueSettings): Coercion['standard'] {
  if (reads === 'number') {
    return numberReader(settings);
  }
  if (reads === undefined) {
    return undefined;
  }
  const read = dateReader(reads, settings);
  return (
    read &&
    ((text) => {
      const found = read(text);
      return found !== undefined && 'text' in found ? found.text : undefined;
    })
  );
}

function adviceOn({ reads }: Coercion, settings: ValueSettings, value: unknown): string | undefined {
  if (typeof value !== 'string' || reads === undefined) {
    return undefined;
  }
  if (reads === 'number') {
    return numberAdvice(value, settings);
  }
  const found = dateReader(reads, settings)?.(value);
  return found !== undefined && 'why' in found ? found.why : dateAdvice(value, settings, reads);
}
