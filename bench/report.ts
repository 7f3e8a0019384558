/** The report for people: RESULTS.md. */
import { type Aim, aims } from './aims.ts';
import type { Cases } from './cases.ts';
import type { Race, Results } from './findings.ts';
import { megabytes, percent, seconds, table, whole } from './markdown.ts';

const NOTES = `- Every contestant is a whole process (\`sqlite3\` and \`psql\`: one a file), measured from its start to its exit, from the
  files to closed databases. It starts in an empty folder. What the run before has left to be written to disk is
  written first; the files are in the cache of the system for everybody.
- A round that is not counted comes first. Within a round everybody has one turn, in an order that differs from round to
  round. A ratio is the median of the ratios of runs of the same round. Spread is (most − least) / median.
- \`sqlite-utils insert\` takes minutes and is only shown beside the others: it runs in the first counted round alone.
- After each run the rows are counted: a contestant that leaves one out fails the benchmark.
- Peak memory is the kernel's high-water mark (\`VmHWM\` in \`/proc\`), read every 50 ms, summed over all processes that
  run at the same time; the highest of all rounds.
- The schema, with its unique and other indexes, is what Meridian's migrations make. Meridian migrates the empty
  databases as part of its run.
- Meridian checks every record by the rules on its entities, every natural key and every reference between the databases.
  The ORMs check every record by the same class-validator rules and no references. \`sqlite3\`, \`sqlite-utils\`, DuckDB, better-sqlite3
  and \`psql\` check nothing beyond the schema.
- \`sqlite3 .import\` stores prices as they stand in the file (decimals), without converting them to cents. It keeps the
  journal mode that SQLite has by default, with one transaction a file. The columns of orders that no file has are added to
  its table when that is full.
- \`sqlite-utils insert\` gets the files with the names of columns in their first lines, and stores prices like \`.import\`. DuckDB's \`COPY\`
  through its sqlite extension gets prices in cents.
- better-sqlite3 and the ORMs read with Papa Parse, and write with a write-ahead log and \`synchronous = full\`, as
  Meridian does. better-sqlite3 runs a prepared statement a row in one transaction a file. TypeORM (insert query builder) and
  MikroORM (\`insertMany\`) insert 1,000 rows a statement in one transaction a file. Drizzle runs a prepared statement a
  row, 5,000 rows a transaction, which was faster than its statements of many rows.
- The files hold valid records only, and every product has a sku; but for the table of other files: users whose emails are all broken, and
  orders of users and products that do not exist.`;

const POSTGRES_NOTES = `Databases are created again for each run, outside its time: empty for Meridian, which migrates them as part of its run; for
\`\\copy\` with the tables that Meridian's migrations make. \`\\copy\` gets prices that were converted to cents
beforehand, since the column takes nothing else. Memory is that of the client.`;

/** @param picture path of the SVG, from the report */
export function report(results: Results, picture: string): string {
  const { sqlite, sample, cases, scale, postgres, command, date, rounds, seed } = results;
  const parts = [
    '# Benchmark',
    `Made by \`npm run bench\` on ${date}. Do not edit.`,
    `\`\`\`sh\n${command}\n\`\`\``,
    ...machineTables(results),
    `## ${whole(sqlite.records)} records in each of three files, into SQLite`,
    `${whole(rounds)} rounds, seed ${seed}.`,
    raceTable(sqlite),
    ...sqlite.skipped.map(({ title, reason }) => `Not measured: ${title}, since ${reason}.`),
    ...(sqlite.lines.some(({ ratio }) => ratio !== undefined) ? [`![Time relative to Meridian](${picture})`] : []),
  ];
  if (scale) {
    parts.push(`## ${whole(scale.records)} records in each file, Meridian alone`, raceTable(scale));
  }
  if (cases) {
    parts.push('## Other files, Meridian alone', casesTable(cases), garbageSentence(cases));
  }
  if (sample) {
    const { median, least, most } = sample.seconds;
    parts.push(
      '## The built-in sample',
      `From start to exit: ${seconds(median)} s, the median of ${sample.runs.length} runs (${seconds(least)} to ${seconds(most)} s).`,
    );
  }
  if (postgres) {
    parts.push('## PostgreSQL');
    if ('reason' in postgres) {
      parts.push(`Not measured: ${postgres.reason}.`);
    } else {
      parts.push(`${whole(postgres.records)} records in each file, into a server of version ${postgres.version}.`);
      parts.push(raceTable(postgres), POSTGRES_NOTES);
    }
  }
  parts.push(...aimsTable(aims(results)), '## How it is measured', NOTES, 'The raw figures are in `results.json`.');
  return `${parts.join('\n\n')}\n`;
}

/** What the figures were measured on. */
export function machineTables({ machine, versions }: Pick<Results, 'machine' | 'versions'>): string[] {
  return [
    table(
      ['machine', ''],
      [
        ['processor', machine.cpu],
        ['cores', String(machine.cores)],
        ['memory', `${(machine.memoryBytes / 2 ** 30).toFixed(1)} GiB`],
        ['system', machine.system],
      ],
      [],
    ),
    table(['version', ''], Object.entries(versions), []),
  ];
}

/** Nothing where there are none. */
export function aimsTable(reached: readonly Aim[]): string[] {
  if (reached.length === 0) {
    return [];
  }
  return [
    '## Aims',
    table(
      ['figure', 'asked', 'measured', 'reached'],
      reached.map(({ figure, asked, measured, isReached }) => [figure, asked, measured, isReached ? 'yes' : 'no']),
      [false, false, true, false],
    ),
  ];
}

function casesTable({ cases }: Cases): string {
  return table(
    ['', 'median s', 'least s', 'most s', 'peak MB'],
    cases.map(({ title, seconds: { median, least, most }, peakBytes }) => [
      title,
      seconds(median),
      seconds(least),
      seconds(most),
      megabytes(peakBytes),
    ]),
    [false, true, true, true, true],
  );
}

function garbageSentence({ garbage, records }: Cases): string {
  return garbage === undefined
    ? `Three files of ${whole(records)} records are loaded without threads, so garbage collection in them was not measured.`
    : `Of its time, the thread of a load spends at most ${percent(garbage)} on garbage collection (\`--cpu-prof\`, its start included).`;
}

function raceTable({ lines }: Race): string {
  return table(
    ['', 'checks records', 'median s', 'least s', 'most s', 'spread', 'records/s', 'peak MB', 'time / Meridian'],
    lines.map((line) => [
      line.title,
      line.validates ? 'yes' : 'no',
      seconds(line.seconds.median),
      seconds(line.seconds.least),
      seconds(line.seconds.most),
      percent(line.seconds.spread),
      whole(line.recordsPerSecond),
      megabytes(line.peakBytes),
      line.ratio === undefined ? '–' : line.ratio.toFixed(2),
    ]),
    [false, false, true, true, true, true, true, true, true],
  );
}
