/** Everything of Meridian that the reference is generated from. */

export { FAILED, INTERRUPTED, WRONG_USAGE } from '../../src/cli/exit-code.ts';
export { buildProgram } from '../../src/cli/program.ts';
export { catalog, central, documents, orders, products, users } from '../../src/databases/catalog.ts';
export { Database } from '../../src/databases/database.ts';
export type { DatabaseDeclaration, NaturalKey } from '../../src/databases/declaration.ts';
export { urlVariable } from '../../src/databases/location.ts';
export { projectRoot } from '../../src/databases/project.ts';
export { MEMORY } from '../../src/databases/sqlite/url.ts';
export { orderDocument } from '../../src/document-model/order-document.ts';
export type { ErrorCode } from '../../src/errors.ts';
export { type CheckoutChange, checkoutEvent } from '../../src/event-model/checkout-event.ts';
export { type NewEvent, SCHEMA_VERSION } from '../../src/event-model/event.ts';
export {
  MAX_PAYLOAD_BYTES,
  MAX_PAYLOAD_DEPTH,
  MAX_PRICE,
  MAX_PRODUCTS,
  MAX_QUANTITY,
  MAX_TEXT_CHARACTERS,
} from '../../src/event-model/limits.ts';
export { type OrderChange, orderEvent } from '../../src/event-model/order-event.ts';
export { type RegionChange, regionEvent } from '../../src/event-model/region-event.ts';
export { type StockChange, stockEvent } from '../../src/event-model/stock-event.ts';
export { FORMATS, type Format, formatOf } from '../../src/populate/read/format.ts';
export {
  MAX_DEPTH,
  MAX_FIELDS,
  MAX_NAME_CHARACTERS,
  MAX_RECORD_CHARACTERS,
} from '../../src/populate/read/limits.ts';
export { shapeOf } from '../../src/populate/record/shape.ts';
export type { RefusalReason } from '../../src/regions/place-order.ts';
export { natsSettings } from '../../src/transport/nats/settings.ts';
