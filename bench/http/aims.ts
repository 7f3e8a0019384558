/** The figures that the HTTP API is meant to reach, and what was measured of them. */
import type { Aim } from '../aims.ts';
import { whole } from '../markdown.ts';
import type { HttpFindings, HttpPart } from './findings.ts';
import { CONNECTIONS } from './load.ts';

const CHECKOUTS_RATIO = 2;
const CHECKOUT_P99_MILLISECONDS = 50;
const READS_RATIO = 0.7;
const UPLOAD_RATIO = 1.1;
const FIRST_PAINT_MILLISECONDS = 1000;
/** Three frames of a screen that shows 60 a second. */
const FRAME_MILLISECONDS = 50;

type Measured = Pick<HttpFindings, HttpPart>;

/** Only those that this benchmark has measured. */
export function httpAims({ checkouts, reads, uploads, page }: Measured): Aim[] {
  const found: Aim[] = [];
  if (checkouts) {
    const { ratio, meridian } = checkouts;
    found.push(
      {
        figure: `checkouts a second of ${CONNECTIONS} connections, relative to a server by hand`,
        asked: `at least ${CHECKOUTS_RATIO.toFixed(1)} ×`,
        measured: `${ratio.toFixed(2)} ×`,
        isReached: ratio >= CHECKOUTS_RATIO,
      },
      {
        figure: 'p99 of these checkouts',
        asked: `under ${CHECKOUT_P99_MILLISECONDS} ms`,
        measured: `${meridian.p99Milliseconds.toFixed(1)} ms`,
        isReached: meridian.p99Milliseconds < CHECKOUT_P99_MILLISECONDS,
      },
    );
  }
  if (reads) {
    found.push({
      figure: 'reads of one user a second, relative to a route by hand',
      asked: `at least ${READS_RATIO.toFixed(1)} ×`,
      measured: `${reads.ratio.toFixed(2)} ×`,
      isReached: reads.ratio >= READS_RATIO,
    });
  }
  if (uploads) {
    found.push({
      figure: `upload of ${whole(uploads.records)} records, relative to populate`,
      asked: `at most ${UPLOAD_RATIO.toFixed(1)} ×`,
      measured: `${uploads.ratio.toFixed(2)} ×`,
      isReached: uploads.ratio <= UPLOAD_RATIO,
    });
  }
  if (page && 'rows' in page) {
    const [paint, frame] = [page.firstPaintMilliseconds.median, page.longestFrameMilliseconds.median];
    found.push(
      {
        figure: 'first paint of the page',
        asked: `under ${whole(FIRST_PAINT_MILLISECONDS)} ms`,
        measured: `${whole(paint)} ms`,
        isReached: paint < FIRST_PAINT_MILLISECONDS,
      },
      {
        figure: `longest frame while ${whole(page.rows)} rows are scrolled`,
        asked: `under ${FRAME_MILLISECONDS} ms`,
        measured: `${frame.toFixed(1)} ms`,
        isReached: frame < FRAME_MILLISECONDS,
      },
    );
  }
  return found;
}
