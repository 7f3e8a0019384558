/** The routes that the shop adds to the HTTP API. */
import type { Route, RouteServer } from '../../module.ts';
import { centralState, documentStoreReader } from './central-states.ts';
import { compareRoute } from './compare.routes.ts';
import { deadLetterRoutes } from './dead-letters.routes.ts';
import { documentRoutes } from './documents.routes.ts';
import { OpenRegions } from './open-regions.ts';
import { regionRoutes, regionStates } from './regions.routes.ts';
import { reportRoutes } from './reports.routes.ts';
import { Shipping } from './shipping.ts';
import { syncRoutes } from './sync.routes.ts';
import { tradingRoutes } from './trading.routes.ts';

export function shopRoutes(server: RouteServer): readonly Route[] {
  const regions = new OpenRegions();
  const shipping = new Shipping(server);
  server.watch({ name: 'regions', read: () => regionStates(shipping) });
  server.watch({ name: 'central', read: centralState });
  server.watch({ name: 'documents', read: documentStoreReader() });
  server.onClose(() => regions.close());
  return [
    ...tradingRoutes(regions),
    ...regionRoutes(shipping),
    ...syncRoutes(shipping),
    compareRoute(),
    ...deadLetterRoutes(),
    ...reportRoutes(),
    ...documentRoutes(),
  ];
}
