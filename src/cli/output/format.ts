/** Numbers, amounts and points in time as people read them. */

/** A point in time in a table, to the second: `2010-12-01 08:26:00Z`, which options take as well. */
export function formatInstant(instant: string): string {
  return instant.replace(/^(\d{4}-\d{2}-\d{2})T(\d{2}:\d{2}:\d{2})(?:\.\d+)?Z$/, '$1 $2Z');
}

/** "1 record", "2,000 records" */
export function countOf(count: number, noun: string): string {
  return `${formatNumber(count)} ${noun}${count === 1 ? '' : 's'}`;
}

export function formatNumber(value: number | bigint): string {
  return typeof value === 'bigint' || Number.isInteger(value) ? value.toLocaleString('en') : value.toFixed(2);
}

/** An amount of money: `28750.00` becomes `28,750.00`. JSON and CSV keep the plain decimal. */
export function formatAmount(decimal: string): string {
  const [units = '', decimals = ''] = decimal.split('.');
  return `${units.replace(/\B(?=(?:\d{3})+$)/g, ',')}.${decimals}`;
}
