/** Everything of Meridian that the reference is generated from. */
import { join } from 'node:path';
import { loadProject } from '../../src/config/project.ts';
import { projectRoot } from '../../src/shared/project.ts';

export { FAILED, INTERRUPTED, WRONG_USAGE } from '../../src/cli/output/exit-code.ts';
export { buildProgram } from '../../src/cli/program.ts';
export { Database } from '../../src/database/database.ts';
export type { NaturalKey } from '../../src/database/declaration.ts';
export { urlVariable } from '../../src/database/location.ts';
export { MEMORY } from '../../src/database/sqlite/url.ts';
export { FORMATS, type Format, formatOf } from '../../src/populate/read/format.ts';
export {
  MAX_DEPTH,
  MAX_FIELDS,
  MAX_NAME_CHARACTERS,
  MAX_RECORD_CHARACTERS,
} from '../../src/populate/read/limits.ts';
export { shapeOf } from '../../src/populate/record/shape.ts';
export { MAX_PAYLOAD_BYTES } from '../../src/replication/events/envelope.ts';
export type { NewEvent } from '../../src/replication/events/event.ts';
export { MAX_PAYLOAD_DEPTH } from '../../src/replication/events/payload.ts';
export { natsSettings } from '../../src/replication/transport/nats/settings.ts';
export type { ErrorCode } from '../../src/shared/errors.ts';
export { projectRoot } from '../../src/shared/project.ts';
export { catalog, central, documents, orders } from '../../src/shop/catalog.ts';
export { orderDocument } from '../../src/shop/documents/model/order-document.ts';
export {
  MAX_PRICE,
  MAX_PRODUCTS,
  MAX_QUANTITY,
  MAX_TEXT_CHARACTERS,
} from '../../src/shop/limits.ts';
export { type CheckoutChange, checkoutEvent } from '../../src/shop/trading/events/checkout-event.ts';
export { type OrderChange, orderEvent } from '../../src/shop/trading/events/order-event.ts';
export { type RegionChange, regionEvent } from '../../src/shop/trading/events/region-event.ts';
export { type StockChange, stockEvent } from '../../src/shop/trading/events/stock-event.ts';
export type { OrderOutcome } from '../../src/shop/trading/placed-order.ts';

export const project = await loadProject(join(projectRoot, 'meridian.config.ts'));
