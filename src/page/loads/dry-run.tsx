/** The result of a dry run. */
import { Figure, Problem, rights, Table } from '../frame/parts.tsx';
import { countOf, formatCount, textOf } from '../frame/text.ts';
import { problemsOf, type Report, rejectedIn } from './report.ts';

export function DryRun({ report }: { readonly report: Report }) {
  const tables = Object.entries(report.tables);
  const read = tables.reduce((sum, [, one]) => sum + one.read, 0);
  const rejected = rejectedIn(report);
  const problems = problemsOf(report);
  return (
    <>
      <p class="lead" role="status">
        Nothing was written. A load would read {countOf(read, 'record')}, and{' '}
        {rejected === 0 ? 'reject none' : `reject ${formatCount(rejected)}`}.
      </p>
      {problems.map((problem) => (
        <Problem key={problem.message} error={problem} />
      ))}
      <Table
        label="What a load would do"
        head={['Table', ...rights('Read', 'To be inserted', 'To be updated', 'Unchanged', 'Rejected')]}
      >
        {tables.map(([table, one]) => (
          <tr key={table}>
            <th scope="row">{table}</th>
            <Figure>{formatCount(one.read)}</Figure>
            <Figure>{formatCount(one.inserted)}</Figure>
            <Figure>{formatCount(one.updated)}</Figure>
            <Figure>{formatCount(one.unchanged)}</Figure>
            <Figure>{formatCount(one.rejected)}</Figure>
          </tr>
        ))}
      </Table>
      {rejected > 0 && (
        <>
          <h2>Why records would be rejected</h2>
          <Table label="Reasons" head={['Table', 'Property', 'Reason', ...rights('Records'), 'For example']}>
            {tables.flatMap(([table, { reasons }]) =>
              reasons.map(({ property, code, count, message }) => (
                <tr key={`${table} ${property} ${code}`}>
                  <th scope="row">{table}</th>
                  <td>{property ?? 'the whole record'}</td>
                  <td>{code}</td>
                  <Figure>{formatCount(count)}</Figure>
                  <td class="prose">{textOf(message)}</td>
                </tr>
              )),
            )}
          </Table>
        </>
      )}
    </>
  );
}
