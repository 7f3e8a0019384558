/** The default rate limit of clients. */

/** Per token: far more than a person sends, and fewer than a runaway loop. */
export const DEFAULT_REQUESTS_PER_MINUTE = 60_000;
