/** Coercions of values that are written as the settings of a file say. */
import type { Coercion } from './coercion.ts';
import type { ValueSettings } from './value-settings.ts';

export function withSettings(coercion: Coercion, _: ValueSettings): Coercion {
  return coercion;
}
