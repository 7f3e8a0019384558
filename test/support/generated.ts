/** Files with as many valid records as a test needs. */

export function usersCsv(count: number): string {
  return `id,name,email\n${lines(count, (id) => `${id},User ${id},user${id}@example.com`)}`;
}

export function productsCsv(count: number): string {
  return `id,sku,name,price\n${lines(count, (id) => `${id},S${id},Product ${id},${id}.50`)}`;
}

/** Each order of the user and the product that have its own id. */
export function ordersCsv(count: number): string {
  return `id,userId,productId,quantity\n${lines(count, (id) => `${id},${id},${id},1`)}`;
}

function lines(count: number, line: (id: number) => string): string {
  return Array.from({ length: count }, (_, index) => `${line(index + 1)}\n`).join('');
}
