/** Converts local times of a zone to UTC, with the IANA time zone database of Node.js. */

export function isTimeZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    return true;
  } catch {
    return false;
  }
}

const DAY = 24 * 60 * 60 * 1000;

/** Maximum number of days whose offsets are cached. */
const MAX_KNOWN = 10_000;

/** Why a local time does not exist, or is ambiguous: clocks are put forward, or back. */
type Unclear = 'missing' | 'twice';

export class TimeZone {
  readonly name: string;
  readonly #format: Intl.DateTimeFormat;
  /** Offset from UTC at the start of a day, in milliseconds. */
  readonly #offsets = new Map<number, number>();

  constructor(name: string) {
    this.name = name;
    this.#format = new Intl.DateTimeFormat('en-US', {
      timeZone: name,
      hourCycle: 'h23',
      era: 'short',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
      second: 'numeric',
    });
  }

  /** @param local the local time, as if it were UTC @returns the time in UTC, in milliseconds since 1970 */
  toUtc(local: number): number | Unclear {
    const day = Math.floor(local / DAY);
    const before = this.#offsetOfDay(day - 1);
    const after = this.#offsetOfDay(day + 2);
    if (before === after) {
      return local - before;
    }
    const times = [local - before, local - after].filter((time) => time + this.#offsetAt(time) === local);
    const [first, second] = times;
    return first === undefined ? 'missing' : second === undefined || second === first ? first : 'twice';
  }

  #offsetOfDay(day: number): number {
    let offset = this.#offsets.get(day);
    if (offset === undefined) {
      offset = this.#offsetAt(day * DAY);
      if (this.#offsets.size >= MAX_KNOWN) {
        this.#offsets.clear();
      }
      this.#offsets.set(day, offset);
    }
    return offset;
  }

  #offsetAt(time: number): number {
    const whole = Math.floor(time / 1000) * 1000;
    const parts = Object.fromEntries(this.#format.formatToParts(whole).map(({ type, value }) => [type, value]));
    const part = (name: string) => Number(parts[name]);
    const year = parts['era'] === 'BC' ? 1 - part('year') : part('year');
    const local = new Date(0);
    local.setUTCFullYear(year, part('month') - 1, part('day'));
    local.setUTCHours(part('hour'), part('minute'), part('second'));
    return local.getTime() - whole;
  }
}
