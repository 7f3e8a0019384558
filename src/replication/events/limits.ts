/** The limits of an event, for its writers and its readers: central can take whatever a region accepts. */

/** Of the JSON of an event, in UTF-8: more than the document of an order has that reaches all other limits. */
export const MAX_PAYLOAD_BYTES = 131_072;

/** Objects and lists within each other, in the JSON of an event: more than details may have. */
export const MAX_PAYLOAD_DEPTH = 64;
