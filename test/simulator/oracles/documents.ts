/** The document store has a document for each checkout of a region that has placed orders, and no other. */
import { documents as declaration } from '../../../src/shop/catalog.ts';
import { ordersDatabase } from '../plan.ts';
import type { World } from '../world.ts';

interface Outcome {
  readonly key: string;
  readonly userId: number;
  readonly orders?: readonly { readonly id: number }[];
}

export function wrongDocuments({ views }: World, region: string): string[] {
  const checkouts = views.rows<{ outcome: string }>(ordersDatabase(region), 'select outcome from checkouts');
  const wanted = new Set(
    checkouts.flatMap(({ outcome: text }) => {
      const { key, userId, orders } = (JSON.parse(text) as { readonly outcome: Outcome }).outcome;
      return Array.isArray(orders) ? [`${Math.min(...orders.map(({ id }) => id))}: ${key} of user ${userId}`] : [];
    }),
  );
  const stored = new Set(
    views
      .rows<{ text: string }>(
        declaration.name,
        `select order_id || ': ' || json_extract(document, '$.id') || ' of user ' || json_extract(document, '$.userId') as text
         from order_documents where region = ?`,
        region,
      )
      .map(({ text }) => text),
  );
  const missing = [...wanted].filter((one) => !stored.has(one));
  const foreign = [...stored].filter((one) => !wanted.has(one));
  return [
    ...(missing.length > 0 ? [`${region}: the store has no document ${missing.slice(0, 3).join('; ')}`] : []),
    ...(foreign.length > 0 ? [`${region}: the store has the document ${foreign.slice(0, 3).join('; ')}`] : []),
  ];
}
