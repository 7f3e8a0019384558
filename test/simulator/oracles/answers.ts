/** Every answer that a client was given is what the region has under its key. */
import { ordersDatabase } from '../plan.ts';
import type { World } from '../world.ts';

export function lostAnswers({ views, answers }: World, region: string): string[] {
  const rows = views.rows<{ id: string; outcome: string }>(ordersDatabase(region), 'select id, outcome from checkouts');
  const kept = new Map(rows.map(({ id, outcome }) => [id, outcome]));
  return [...answers.of(region).outcomes].flatMap(([key, answer]) => {
    const outcome = kept.get(key);
    if (outcome === undefined) {
      return [`${region}: ${key} was answered and is not there`];
    }
    const there = JSON.stringify((JSON.parse(outcome) as { readonly outcome: object }).outcome);
    return there === JSON.stringify(answer)
      ? []
      : [`${region}: ${key} was answered ${JSON.stringify(answer)}, and is ${there}`];
  });
}
