/** The report for people: HTTP.md. */
import type { Summary } from '../figures.ts';
import { percent, seconds, table, whole } from '../markdown.ts';
import { sharesTable } from '../regions/report.ts';
import { aimsTable, machineTables } from '../report.ts';
import { httpAims } from './aims.ts';
import { STEP_PIXELS } from './browser.ts';
import { WARM_UP_SECONDS } from './compare.ts';
import type { Compared, HttpFindings, NotMeasured, PageTimes, Side, Uploads } from './findings.ts';
import { CONNECTIONS } from './load.ts';

const NOTES = `- Two sides of a ratio take turns on the same machine, in an order that differs from round to round, and a ratio is the
  median of the ratios of turns of one round. The load generator (autocannon) runs on the same machine.
- Before the first turn, each side is under the same load for ${WARM_UP_SECONDS} s.
- Both servers are processes of their own. Meridian's is \`meridian serve\`, with its log, metrics and audit log. The one by hand is
  \`http/programs/by-hand.ts\`.
- Spread is (most − least) / median. p50 and p99 are medians of those of the turns.`;

const CHECKOUTS_NOTES = `Both sides write the same rows in one transaction with \`synchronous = full\`: the key with its outcome, the stock, the order, and an
event of each and of the document. The server by hand commits each order by itself. Meridian commits those that wait together, and also
commits a record of each request in its audit log before and after it, in a database of its own.`;

const READS_NOTES = `Both sides read a row by its primary key and answer with JSON. Meridian also finds out who asks, counts and times the
request, writes a line into its log, and answers with an \`ETag\` and the headers that protect a browser.`;

const UPLOADS_NOTES = `A file of users, into an empty database. An upload takes from its first byte until the server says that its run has ended; the server was
started before. \`populate\` takes from the start of its process to the end.`;

const PAGE_NOTES = `The list of users in a headless Chromium without a graphics card, which shows 60 frames a second. First paint is
\`first-contentful-paint\`, each time in a browser context of its own, with nothing in its cache. Then the list is scrolled to its
end until it has read all its rows, and from its start to its end again by ${STEP_PIXELS} pixels a frame; a frame is the time between two calls of
\`requestAnimationFrame\` of this second time. Medians of the longest frame and of the 99th percentile are those of the rounds.`;

export function httpReport(findings: HttpFindings): string {
  const { checkouts, reads, uploads, page, command, date, machine, loadBefore, rounds, seed } = findings;
  const parts = [
    '# Benchmark of the HTTP API',
    `Made by \`npm run bench\` on ${date}. Do not edit.`,
    `\`\`\`sh\n${command}\n\`\`\``,
    ...machineTables(findings),
    `${whole(rounds)} rounds, seed ${seed}.`,
    ...(loadBefore > machine.cores ? [busySentence(loadBefore)] : []),
    ...(checkouts ? ofCompared('Checkouts', checkouts, CHECKOUTS_NOTES) : []),
    ...(reads ? ofCompared('Reads of one user', reads, READS_NOTES) : []),
    ...(uploads ? ofUploads(uploads) : []),
    ...(page ? ofPage(page) : []),
    ...aimsTable(httpAims(findings)),
    '## How it is measured',
    NOTES,
    'The raw figures are in `http.json`.',
  ];
  return `${parts.join('\n\n')}\n`;
}

function busySentence(load: number): string {
  return `The machine was busy with other work (load average ${load.toFixed(1)}), so times are longer than they would be, and ratios rough.`;
}

function ofCompared(title: string, compared: Compared, notes: string): string[] {
  const row = (who: string, side: Side, ratio: number) => [
    who,
    ...ratesOf(side.requestsPerSecond),
    side.p50Milliseconds.toFixed(1),
    side.p99Milliseconds.toFixed(1),
    side.cpuMicroseconds === undefined ? '–' : whole(side.cpuMicroseconds),
    ratio.toFixed(2),
  ];
  return [
    `## ${title}, ${CONNECTIONS} connections`,
    `Turns of ${compared.seconds} s.`,
    table(
      ['', 'median requests/s', 'least', 'most', 'spread', 'p50 ms', 'p99 ms', 'CPU µs / request', 'speed / by hand'],
      [row('by hand', compared.byHand, 1), row('Meridian', compared.meridian, compared.ratio)],
      [false, true, true, true, true, true, true, true, true],
    ),
    notes,
    'Where Meridian’s time goes, from the start of the process to its end:',
    sharesTable([{ title: title.toLowerCase(), profile: compared.profile }]),
  ];
}

function ofUploads({ records, upload, populate, ratio }: Uploads): string[] {
  const row = (who: string, { median, least, most, spread }: Summary, relative: number) => [
    who,
    ...[median, least, most].map(seconds),
    percent(spread),
    relative.toFixed(2),
  ];
  return [
    `## Upload of ${whole(records)} records`,
    table(
      ['', 'median s', 'least', 'most', 'spread', 'time / populate'],
      [row('populate', populate, 1), row('upload', upload, ratio)],
      [false, true, true, true, true, true],
    ),
    UPLOADS_NOTES,
  ];
}

function ofPage(page: PageTimes | NotMeasured): string[] {
  if ('reason' in page) {
    return ['## The page', `Not measured, since ${page.reason}.`];
  }
  const row = (what: string, { median, least, most, spread }: Summary) => [
    what,
    ...[median, least, most].map((milliseconds) => milliseconds.toFixed(1)),
    percent(spread),
  ];
  return [
    `## The page, ${whole(page.rows)} rows`,
    table(
      ['', 'median ms', 'least', 'most', 'spread'],
      [
        row('first paint', page.firstPaintMilliseconds),
        row('longest frame', page.longestFrameMilliseconds),
        row('99th percentile frame', page.p99FrameMilliseconds),
      ],
      [false, true, true, true, true],
    ),
    `Chromium ${page.browser}. ${PAGE_NOTES}`,
  ];
}

function ratesOf({ median, least, most, spread }: Summary): string[] {
  return [whole(median), whole(least), whole(most), percent(spread)];
}
