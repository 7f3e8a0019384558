/** The databases that can be generated; their word lists are read only when one of them is. */
import type { Domain, Setting } from '../generate/domain.ts';
import { MeridianError } from '../shared/errors.ts';

type DomainFactory = (setting: Setting) => Domain;

const GENERATORS: Readonly<Record<string, () => Promise<DomainFactory>>> = {
  users: async () => (await import('./users/generator.ts')).users,
  products: async () => (await import('./products/generator.ts')).products,
  orders: async () => (await import('./orders/generator.ts')).orders,
};

export function canGenerate(database: string): boolean {
  return Object.hasOwn(GENERATORS, database);
}

/** @throws MeridianError `usage` for a database without a generator */
export async function generatorOf(database: string): Promise<DomainFactory> {
  const load = canGenerate(database) ? GENERATORS[database] : undefined;
  if (load === undefined) {
    const there = Object.keys(GENERATORS).join(', ');
    throw new MeridianError('usage', `There is no generator for "${database}". There are generators for ${there}.`);
  }
  return load();
}
