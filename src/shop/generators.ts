/** The generators of the shop. Their word lists are loaded on first use. */
import type { DatabaseGenerator } from '../generate/index.ts';
import { importFor } from '../index.ts';

const module = import.meta.url;

const WORD_LISTS = 'Generating data of the shop';

export const generators: readonly DatabaseGenerator[] = [
  {
    database: 'users',
    module,
    load: async () => (await importFor(WORD_LISTS, () => import('./users/generator.ts'))).users,
  },
  {
    database: 'products',
    module,
    load: async () => (await importFor(WORD_LISTS, () => import('./products/generator.ts'))).products,
  },
  { database: 'orders', module, load: async () => (await import('./orders/generator.ts')).orders },
];
