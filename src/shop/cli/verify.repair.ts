/** The option `--repair` of `meridian verify`. */
import type { VerifyExtension } from '../../module.ts';

export const repairOption: VerifyExtension = {
  addOptions(command) {
    command.option(
      '--repair',
      'first confirm or cancel the pending orders of the regions, as far as users and products can be read',
    );
  },
  async prepare(options, output) {
    return options['repair'] === true
      ? (await import('./repair-pending-orders.ts')).repairPendingOrders(output)
      : undefined;
  },
};
