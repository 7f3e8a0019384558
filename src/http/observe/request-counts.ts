/**
 * Counts requests and their durations in plain numbers, which become text on demand. This is faster than the counters of
 * `@prometheus-io/client`, which make a key of the labels for each request and look it up three times.
 */

/** Upper bounds in seconds: from a read in memory to a large request. */
const BUCKETS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

const COUNT = 'meridian_http_requests_total';
const DURATION = 'meridian_http_request_duration_seconds';

export interface RequestKind {
  readonly method: string;
  /** The pattern of the path, or `none`. */
  readonly route: string;
  readonly status: number;
}

/** The counts of one kind of request. */
interface Series extends RequestKind {
  count: number;
  /** Counts per bucket, not cumulative. The last bucket has no upper bound. */
  readonly durations: number[];
  seconds: number;
}

export class RequestCounts {
  /** Route -> its few series. */
  readonly #series = new Map<string, Series[]>();

  /**
   * @param seconds from the request headers to the end of the response; `undefined` for an endless response
   * @returns the same object for every request of the kind
   */
  add(kind: RequestKind, seconds: number | undefined): RequestKind {
    const series = this.#seriesOf(kind);
    series.count++;
    if (seconds !== undefined) {
      const bucket = bucketOf(seconds);
      series.durations[bucket] = (series.durations[bucket] ?? 0) + 1;
      series.seconds += seconds;
    }
    return series;
  }

  /** The metrics in the Prometheus text format. */
  text(): string {
    const all = [...this.#series.values()].flat();
    return [
      `# HELP ${COUNT} Requests that were answered`,
      `# TYPE ${COUNT} counter`,
      ...all.map((one) => `${COUNT}{${labelsOf(one)}} ${one.count}`),
      '',
      `# HELP ${DURATION} Time from the headers of a request to the end of its answer`,
      `# TYPE ${DURATION} histogram`,
      ...all.flatMap(durationsOf),
      '',
    ].join('\n');
  }

  #seriesOf({ method, route, status }: RequestKind): Series {
    let ofRoute = this.#series.get(route);
    if (ofRoute === undefined) {
      ofRoute = [];
      this.#series.set(route, ofRoute);
    }
    for (const one of ofRoute) {
      if (one.status === status && one.method === method) {
        return one;
      }
    }
    const made = { method, route, status, count: 0, durations: Array(BUCKETS.length + 1).fill(0), seconds: 0 };
    ofRoute.push(made);
    return made;
  }
}

function bucketOf(seconds: number): number {
  let bucket = 0;
  while (bucket < BUCKETS.length && seconds > (BUCKETS[bucket] ?? 0)) {
    bucket++;
  }
  return bucket;
}

/** The cumulative histogram; empty for endless responses, which are not measured. */
function durationsOf(series: Series): string[] {
  const labels = labelsOf(series);
  let total = 0;
  const buckets = [...BUCKETS, '+Inf'].map((limit, index) => {
    total += series.durations[index] ?? 0;
    return `${DURATION}_bucket{le="${limit}",${labels}} ${total}`;
  });
  return total === 0
    ? []
    : [...buckets, `${DURATION}_sum{${labels}} ${series.seconds}`, `${DURATION}_count{${labels}} ${total}`];
}

/** The labels. Path patterns and methods need no escaping. */
function labelsOf({ method, route, status }: RequestKind): string {
  return `method="${method}",route="${route}",status="${status}"`;
}
