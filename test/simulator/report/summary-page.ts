/** A run over many seeds on a page: verdicts, faults that took effect, and the states that they met. */
import type { Summary } from '../summary.ts';
import { escaped, page } from './html.ts';

/** @param note what the run does not do, for people */
export function summaryPage(summary: Summary, note?: string): string {
  const { seeds, verdicts, effects, states, violations } = summary;
  const { statements, commits, answers, virtualSeconds } = summary.figures;
  const body = [
    ...(note === undefined ? [] : [`<p>${escaped(note)}</p>`]),
    `<table>
      ${row('simulations', seeds)}${row('passed', verdicts.passed)}${row('failed', verdicts.failed)}
      ${row('unknown: no fault took effect', verdicts.unknown)}
      ${row('virtual hours', Math.round(virtualSeconds / 360) / 10)}${row('statements', statements)}
      ${row('commits that every oracle looked at', commits)}${row('answers that clients were given', answers)}
    </table>`,
    violations.size === 0
      ? '<p>No oracle was violated.</p>'
      : `<h2 class="failed">Violated</h2><table>${[...violations].map(([oracle, found]) => `<tr><td>${escaped(oracle)}</td><td>seeds ${links(found)}</td></tr>`).join('\n')}</table>`,
    '<h2>Faults that took effect</h2>',
    countTable(effects),
    '<h2>What they met</h2>',
    countTable(states),
  ];
  return page('Simulations', body.join('\n'));
}

function links(seeds: readonly number[]): string {
  return seeds.map((seed) => `<a href="seed-${seed}.html">${seed}</a>`).join(', ');
}

function row(name: string, value: number): string {
  return `<tr><td>${escaped(name)}</td><td class="number">${value.toLocaleString('en')}</td></tr>`;
}

function countTable(counts: ReadonlyMap<string, number>): string {
  const rows = [...counts].toSorted(([a], [b]) => a.localeCompare(b)).map(([name, count]) => row(name, count));
  return `<table>${rows.join('\n')}</table>`;
}
