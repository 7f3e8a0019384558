/** The routes that the shop adds to the HTTP API. */
import type { Route, RouteServer } from '../../module.ts';
import { deadLetterRoutes } from './dead-letters.routes.ts';
import { documentRoutes } from './documents.routes.ts';
import { OpenRegions } from './open-regions.ts';
import { regionRoutes, regionStates } from './regions.routes.ts';
import { reportRoutes } from './reports.routes.ts';
import { tradingRoutes } from './trading.routes.ts';

export function shopRoutes(server: RouteServer): readonly Route[] {
  const regions = new OpenRegions();
  server.watch({ name: 'regions', read: regionStates });
  server.onClose(() => regions.close());
  return [...tradingRoutes(regions), ...regionRoutes(), ...deadLetterRoutes(), ...reportRoutes(), ...documentRoutes()];
}
