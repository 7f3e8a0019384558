/** Large files as they come: most records valid, others wrong in many ways, orders that point at nothing. */

/** Columns that no property takes, so that a file is large enough for threads when it is not packed. */
const PADDING = 'x'.repeat(40);

/** The first kind of dirt whose turn it is; `clean` for most records. Coprime turns, so that kinds meet in every way. */
function pick(number: number, clean: string, dirt: readonly (readonly [turn: number, line: string])[]): string {
  return dirt.find(([turn]) => number % turn === 0)?.[1] ?? clean;
}

function csv(header: string, count: number, line: (number: number) => string): string {
  const lines = Array.from({ length: count }, (_, index) => `${line(index + 1)},${PADDING}\n`);
  return `${header},note\n${lines.join('')}`;
}

/** @param version what names end in, so that a later file has other content under the same ids */
export function dirtyUsers(count: number, version = ''): string {
  return csv('id,name,email', count, (n) =>
    pick(n, `${n},User ${n}${version},user${n}@example.com`, [
      [97, `${n},,user${n}@example.com`],
      [101, `${n},User ${n},user${n}.example.com`],
      [103, `${n}abc,User ${n},user${n}@example.com`],
      [107, `${n - 1},User ${n} again,again${n}@example.com`],
      [109, `${n},User ${n},USER${n - 50}@Example.com`],
      [1009, `${n},"${'long '.repeat(30)}\u2028",user${n}@example.com`],
      [1013, `${n}`],
    ]),
  );
}

export function dirtyProducts(count: number, version = ''): string {
  return csv('id,sku,name,price', count, (n) =>
    pick(n, `${n},S${n},Product ${n}${version},${(n % 9000) + 1}.50`, [
      [7, `${n},,Product ${n},${(n % 9000) + 1}.50`],
      [89, `${n},,Product ${n - 5},${((n - 5) % 9000) + 1}.50`],
      [97, `${n},S${n - 3},Product ${n},1.00`],
      [101, `${n},S${n},Product ${n},0`],
      [103, `${n},S${n},Product ${n},1.234`],
      [107, `${n - 1},S${n}x,Product ${n},2.00`],
    ]),
  );
}

export function dirtyOrders(count: number, targets: number, quantity = 1): string {
  return csv('id,userId,productId,quantity', count, (n) => {
    const user = (n * 7919) % targets;
    const product = (n * 104_729) % targets;
    return pick(n, `${n},${user + 1},${product + 1},${quantity}`, [
      [41, `${n},${targets + n},${product + 1},${quantity}`],
      [43, `${n},${targets + n},${targets + n},${quantity}`],
      [97, `${n},${user + 1},${product + 1},0`],
      [101, `${n - 1},${user + 1},${product + 1},${quantity}`],
      [1009, `${n},none,${product + 1},1.5`],
    ]);
  });
}
