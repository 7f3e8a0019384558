/** How many requests a client may send. */

/** Of one token: far more than a person sends, and fewer than a loop that has run wild. */
export const DEFAULT_REQUESTS_PER_MINUTE = 60_000;
