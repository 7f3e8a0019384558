/** When the events of tests occurred: lately, for relays remove old ones. */
export const OCCURRED_AT = new Date().toISOString();
