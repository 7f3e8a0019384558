/** Routes of the reports of central, as JSON and as CSV. */
import type { Answer, Call, Parameter, Route } from '../../module.ts';
import { SALES_KEYS } from '../central/reports/sales.ts';
import { type ReportName, type ReportOptions, withReport } from '../cli/report.figures.ts';
import { csvOf, recordsOf } from '../cli/report.print.ts';
import { INSTANT, listOf, objectOf, TEXT } from './schemas.ts';

const FORMAT: Parameter = { type: 'string', enum: ['json', 'csv'], description: 'Default: json' };

const OF_SALES: Readonly<Record<string, Parameter>> = {
  by: { type: 'string', enum: SALES_KEYS, description: 'What to group by (default: region)' },
  from: { ...INSTANT, description: 'Leave out orders placed before: a date (UTC), or a time with a zone' },
  to: { ...INSTANT, description: 'Leave out orders placed after; a date counts to its end' },
  region: { type: 'string', description: 'Only the sales of this region' },
};

const SUMMARIES: Readonly<Record<ReportName, string>> = {
  sales: 'Reports the sales of confirmed orders: their units and revenue',
  products: 'Reports the sales of each product, and its stock over all regions',
  stock: 'Reports the stock of each region by product, and its value',
  lag: 'Reports the backlog of each region: unpublished events, events in transit, delay',
};

const REPORT = objectOf({
  rows: listOf({ type: 'object' }),
  incomplete: { ...listOf(TEXT), description: 'A line for each region whose figures are incomplete' },
  notes: listOf(TEXT),
});

export function reportRoutes(): readonly Route[] {
  return (Object.keys(SUMMARIES) as ReportName[]).map((name) => ({
    id: `report.${name}`,
    method: 'GET',
    path: `/api/shop/reports/${name}`,
    role: 'read',
    summary: SUMMARIES[name],
    tag: 'Reports',
    query: { ...(name === 'sales' ? OF_SALES : {}), format: FORMAT },
    answers: {
      200: {
        description:
          'The figures. As CSV, the header Meridian-Incomplete counts the regions whose figures are incomplete',
        schema: REPORT,
        otherMediaTypes: ['text/csv'],
        headers: { 'Meridian-Incomplete': 'How many regions have incomplete figures' },
      },
    },
    handle: (call) => report(name, call),
  }));
}

function report(name: ReportName, { query: { format = 'json', ...given } }: Call): Promise<Answer> {
  return withReport<Answer>(name, given as ReportOptions, (sheet, { incomplete, notes }) => {
    const headers = { 'meridian-incomplete': String(incomplete.length) };
    return Promise.resolve(
      format === 'csv'
        ? { headers: { ...headers, 'content-type': 'text/csv; charset=utf-8' }, body: csvOf(sheet) }
        : { headers, body: { rows: recordsOf(sheet), incomplete, notes } },
    );
  });
}
