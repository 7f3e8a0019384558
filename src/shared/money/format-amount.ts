/** Formats amounts of money for people. */

/** An amount of money: `28750.00` becomes `28,750.00`. JSON and CSV keep the plain decimal. */
export function formatAmount(decimal: string): string {
  const [units = '', decimals = ''] = decimal.split('.');
  return `${units.replace(/\B(?=(?:\d{3})+$)/g, ',')}.${decimals}`;
}
