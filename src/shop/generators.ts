/** The databases of the shop that can be generated. Their word lists are loaded only when one of them is. */
import type { DatabaseGenerator } from '../generate/generator.ts';

const module = import.meta.url;

export const generators: readonly DatabaseGenerator[] = [
  { database: 'users', module, load: async () => (await import('./users/generator.ts')).users },
  { database: 'products', module, load: async () => (await import('./products/generator.ts')).products },
  { database: 'orders', module, load: async () => (await import('./orders/generator.ts')).orders },
];
