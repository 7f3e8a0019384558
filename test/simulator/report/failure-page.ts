/** One failure on a page: what was violated, what led there, and the command that repeats it. */
import type { Fault, Operation } from '../plan.ts';
import type { Result } from '../simulate.ts';
import { escaped, inSeconds, page } from './html.ts';
import { lanesPicture } from './lanes.ts';

/** @param file of the plan */
export function failurePage(result: Result, file: string): string {
  const { plan, findings, entries, figures, digest } = result;
  const repeats = digest !== undefined;
  const [first, ...others] = findings;
  const inputs = [...plan.faults, ...plan.operations].map(({ at }) => at);
  const body = [
    first === undefined
      ? '<p>Nothing is violated.</p>'
      : `<p class="failed">${escaped(first.oracle)}: ${escaped(first.text)}</p>`,
    ...others.map(({ oracle, text }) => `<p>${escaped(oracle)}: ${escaped(text)}</p>`),
    `<p>Seed ${plan.seed}, transport ${plan.transport}, ${plan.operations.length} requests and ${plan.faults.length} faults. It ${repeats ? 'repeats' : 'does not repeat exactly, and may happen again'} with:</p>`,
    `<pre>npm run simulate -- --plan ${escaped(file)}${repeats ? '' : ' --postgres'}</pre>`,
    lanesPicture({
      entries,
      end: figures.virtualSeconds * 1000,
      inevitableAt: inputs.length === 0 ? undefined : Math.max(...inputs),
      violatedAt: first?.at,
    }),
    `<p class="muted">Arrows are batches from a relay to central: <b style="color: var(--applied)">applied</b>, <b style="color: var(--known)">known</b> already, <b style="color: var(--lost)">lost</b>.
      Bands are faults that last, grey ones processes that do not run. Below a region: epoch, last acknowledged event, next event. Everything has a tooltip.</p>`,
    '<h2>What was asked for, and what went wrong</h2>',
    inputTable([...plan.operations, ...plan.faults].toSorted((a, b) => a.at - b.at)),
    '<h2>What happened</h2>',
    `<table>${entries.map(({ at, lane, kind, text }) => `<tr${lane === 'oracle' ? ' class="failed"' : ''}><td class="number">${inSeconds(at)}</td><td>${escaped(lane)}</td><td>${escaped(kind)}</td><td>${escaped(text)}</td></tr>`).join('\n')}</table>`,
  ];
  return page(first === undefined ? `Simulation ${plan.seed}` : `Violated: ${first.oracle}`, body.join('\n'));
}

function inputTable(inputs: readonly (Operation | Fault)[]): string {
  const rows = inputs.map(({ at, kind, ...rest }) => {
    const details = Object.entries(rest).map(
      ([name, value]) => `${name} ${typeof value === 'string' ? value : JSON.stringify(value)}`,
    );
    return `<tr><td class="number">${inSeconds(at)}</td><td>${escaped(kind)}</td><td>${escaped(details.join(', '))}</td></tr>`;
  });
  return `<table>${rows.join('\n')}</table>`;
}
