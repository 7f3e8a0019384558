/** Property -> value: of a record, an entity or a row. */
export type Values = Record<string, unknown>;
