/** The events that are still to come, the earliest first. */

export interface ScheduledEvent {
  /** Virtual milliseconds. */
  readonly at: number;
  /** Decides between events of the same time. */
  readonly tie: number;
  isCancelled: boolean;
}

/** A binary heap. */
export class EventHeap<Event extends ScheduledEvent> {
  readonly #events: Event[] = [];

  get next(): Event | undefined {
    return this.#events[0];
  }

  push(event: Event): void {
    const events = this.#events;
    let at = events.push(event) - 1;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (!isBefore(event, events[parent] as Event)) {
        break;
      }
      events[at] = events[parent] as Event;
      at = parent;
    }
    events[at] = event;
  }

  pop(): Event | undefined {
    const events = this.#events;
    const [first] = events;
    const last = events.pop();
    if (last === undefined || events.length === 0) {
      return first;
    }
    let at = 0;
    for (;;) {
      let child = 2 * at + 1;
      if (child >= events.length) {
        break;
      }
      if (child + 1 < events.length && isBefore(events[child + 1] as Event, events[child] as Event)) {
        child++;
      }
      if (!isBefore(events[child] as Event, last)) {
        break;
      }
      events[at] = events[child] as Event;
      at = child;
    }
    events[at] = last;
    return first;
  }
}

function isBefore(one: ScheduledEvent, other: ScheduledEvent): boolean {
  return one.at < other.at || (one.at === other.at && one.tie < other.tie);
}
