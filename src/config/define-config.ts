/** `defineConfig`: gives `meridian.config.ts` its types. */
import type { Checked, DatabasesConfig, MeridianConfig } from './types.ts';

/**
 * Returns the config as it is. Its type accepts only references to entities of this config, and only properties that the entities have:
 *
 * ```ts
 * import { defineConfig } from 'meridian';
 * import { Customer, Shipment } from './entities.ts';
 *
 * export default defineConfig({
 *   databases: {
 *     customers: { entities: { customer: { entity: Customer, naturalKeys: [['email']] } } },
 *     shipments: { entities: { shipment: { entity: Shipment, references: { customerId: 'customers.customer' } } } },
 *   },
 * });
 * ```
 */
export function defineConfig<const Databases extends DatabasesConfig>(
  config: MeridianConfig<Databases> & { readonly databases: Checked<Databases> },
): MeridianConfig<Databases> {
  return config;
}
