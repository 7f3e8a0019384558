/** The lanes of a simulation as a picture: time from left to right, a lane for each process. */
import type { TraceEntry } from '../kernel/trace.ts';
import { type BatchArrow, batchArrows } from './batches.ts';
import { escaped, inSeconds } from './html.ts';

const LEFT = 150;
const WIDTH = 950;
const LANE = 34;
const TOP = 24;
/** Of a text such as "2, 10, 12". */
const STATE_WIDTH = 56;

export interface Picture {
  readonly entries: readonly TraceEntry[];
  /** Virtual milliseconds. */
  readonly end: number;
  /** From when on nothing more had to happen for the violation. */
  readonly inevitableAt: number | undefined;
  readonly violatedAt: number | undefined;
}

export function lanesPicture(picture: Picture): string {
  const { entries, end, inevitableAt, violatedAt } = picture;
  const lanes = lanesOf(entries);
  const x = (at: number) => LEFT + (Math.min(at, end) / end) * WIDTH;
  const y = (lane: string) => TOP + LANE * (lanes.indexOf(lane) + 0.5);
  const bottom = TOP + LANE * lanes.length;
  const draw: Drawing = { x, y, end };
  const parts = [
    ...axis(draw, bottom),
    ...lanes.map((lane) => laneLine(draw, lane)),
    ...entries.filter(({ data }) => data?.['until'] !== undefined).map((entry) => band(draw, entry)),
    ...batchArrows(entries).map((arrow) => arrowLine(draw, arrow, lanes)),
    ...stateTexts(draw, entries),
    ...entries.filter(({ kind }) => MARKS.has(kind)).map((entry) => mark(draw, entry)),
    verticalLine(draw, inevitableAt, 'inevitable', 'inevitable from here on', bottom),
    verticalLine(draw, violatedAt, 'violation', 'violated', bottom),
  ];
  return `<div class="chart"><svg width="${LEFT + WIDTH + 40}" height="${bottom + 24}" role="img" aria-label="Lanes of the processes over time">${parts.join('\n')}</svg></div>`;
}

interface Drawing {
  x(at: number): number;
  y(lane: string): number;
  readonly end: number;
}

const MARKS: ReadonlySet<string> = new Set([
  ...['place', 'receive', 'cancel', 'settle', 'resend', 'restored', 'promoted', 'backup', 'clock', 'wiped'],
  ...['dead-lettered', 'info', 'died', 'killed', 'started', 'refused'],
]);

const OF_CLIENTS: ReadonlySet<string> = new Set(['place', 'receive', 'cancel', 'settle', 'started', 'backup']);

/** Processes of a region together, its database first. */
function lanesOf(entries: readonly TraceEntry[]): string[] {
  const lanes = [...new Set(entries.map(({ lane }) => lane))].filter((lane) => lane !== 'oracle');
  return lanes.toSorted((a, b) => orderOf(a).localeCompare(orderOf(b)));
}

function orderOf(lane: string): string {
  const [role = '', region = ''] = lane.split(' ');
  return ['sync', 'central', 'documents', 'broker'].includes(role)
    ? `2 ${role}`
    : region === ''
      ? `1 ${role}`
      : `1 ${region} ${lane}`;
}

function axis({ x, end }: Drawing, bottom: number): string[] {
  const step = [1, 2, 5, 10, 20, 50].find((seconds) => end / (seconds * 1000) <= 16) ?? 100;
  const count = Math.floor(end / (step * 1000)) + 1;
  return Array.from({ length: count }, (_, index) => {
    const at = index * step * 1000;
    return `<line class="lane" x1="${x(at)}" x2="${x(at)}" y1="${TOP}" y2="${bottom}" opacity=".35"/><text class="muted" x="${x(at)}" y="${TOP - 8}" text-anchor="middle">${index * step} s</text>`;
  });
}

function laneLine({ y, x, end }: Drawing, lane: string): string {
  return `<text x="4" y="${y(lane) + 4}">${escaped(lane)}</text><line class="lane" x1="${LEFT}" x2="${x(end)}" y1="${y(lane)}" y2="${y(lane)}"/>`;
}

function band({ x, y }: Drawing, { at, lane, kind, text, data }: TraceEntry): string {
  const until = Number(data?.['until']);
  const look = kind === 'killed' ? 'down' : 'band';
  return `<rect class="${look}" x="${x(at)}" y="${y(lane) - 8}" width="${Math.max(1, x(until) - x(at))}" height="16"><title>${escaped(`${inSeconds(at)}: ${text}`)}</title></rect>`;
}

function arrowLine({ x, y, end }: Drawing, { from, to, fate }: BatchArrow, lanes: readonly string[]): string {
  const [x1, y1] = [x(from.at), y(from.lane)];
  const target = to?.lane ?? 'central';
  const y2 = lanes.includes(target) ? y(target) : y1;
  const x2 = to === undefined ? Math.min(x1 + 10, x(end)) : x(to.at);
  const half = to === undefined ? y1 + (y2 - y1) * 0.3 : y2;
  return `<line class="${fate}" x1="${x1}" y1="${y1}" x2="${x2}" y2="${half}"><title>${escaped(`${inSeconds(from.at)}: ${from.text}, ${fate}`)}</title></line>`;
}

/** Of several states in a short time, only the last has room. */
function stateTexts({ x, y }: Drawing, entries: readonly TraceEntry[]): string[] {
  const states = entries.filter(({ kind }) => kind === 'state');
  return states.flatMap((state, index) => {
    const { at, lane, text } = state;
    const next = states.slice(index + 1).find((one) => one.lane === lane);
    return next !== undefined && x(next.at) - x(at) < STATE_WIDTH
      ? []
      : [`<text class="muted" x="${x(at)}" y="${y(lane) + 15}">${escaped(text)}</text>`];
  });
}

function mark({ x, y }: Drawing, { at, lane, kind, text }: TraceEntry): string {
  const look = OF_CLIENTS.has(kind) ? 'mark' : 'fault';
  return `<circle class="${look}" cx="${x(at)}" cy="${y(lane)}" r="${look === 'mark' ? 2 : 3.5}"><title>${escaped(`${inSeconds(at)} ${kind}: ${text}`)}</title></circle>`;
}

function verticalLine({ x }: Drawing, at: number | undefined, look: string, text: string, bottom: number): string {
  return at === undefined
    ? ''
    : `<line class="${look}" x1="${x(at)}" x2="${x(at)}" y1="${TOP}" y2="${bottom}"/><text class="violation-text" x="${x(at)}" y="${bottom + 14}" text-anchor="end">${escaped(`${text} (${inSeconds(at)})`)}</text>`;
}
