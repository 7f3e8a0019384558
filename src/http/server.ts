/** Starts the server of a project. */

import type { AddressInfo } from 'node:net';
import type { FastifyInstance } from 'fastify';
import type { Logger } from 'pino';
import type { Project } from '../config/module.ts';
import type { Route, RouteServer } from '../config/route.ts';
import type { ServiceOutput } from '../config/service.ts';
import type { Database } from '../database/database.ts';
import type { DatabaseDeclaration } from '../database/declaration.ts';
import type { DatabaseLocation } from '../database/location.ts';
import { settleAll } from '../shared/async/settle.ts';
import { setTimer } from '../shared/environment.ts';
import { MeridianError, messageOf } from '../shared/errors.ts';
import { importFor } from '../shared/optional.ts';
import { type AppParts, buildApp } from './app.ts';
import { AuditLog } from './audit/audit-log.ts';
import { auditRoutes } from './audit/routes.ts';
import { Authenticator } from './auth/authenticator.ts';
import { accessRoutes } from './auth/routes.ts';
import { hasValidToken } from './auth/tokens.ts';
import { OpenDatabases } from './databases.ts';
import { entityRoutes } from './entities/routes.ts';
import { Loads } from './loads/loads.ts';
import { loadRoutes } from './loads/routes.ts';
import { migrationRoutes } from './migrations.routes.ts';
import { healthRoutes } from './observe/health.ts';
import { metricsRoute } from './observe/metrics.route.ts';
import { makeMetrics } from './observe/metrics.ts';
import { descriptionRoutes } from './openapi/routes.ts';
import { pageRoutes } from './page-files/routes.ts';
import { screenFiles } from './page-files/screens.ts';
import { isLoopback } from './security/hosts.ts';
import { DEFAULT_REQUESTS_PER_MINUTE } from './security/limits.ts';
import { Services } from './services.ts';
import { openServerDatabase } from './state/open.ts';
import { watchRoutes } from './watch/routes.ts';
import { serverStates } from './watch/states.ts';
import { Watch } from './watch/watch.ts';

export interface ServerOptions {
  readonly project: Project;
  /** Lists the served databases, which may change. */
  readonly databases: () => readonly DatabaseDeclaration[];
  readonly host: string;
  /** The public origin behind a proxy, such as `https://meridian.example`. Every request then needs a token. */
  readonly origin?: URL;
  /** Whether requests from this machine need a token as well. */
  readonly requiresToken?: boolean;
  /** The rate limit of a token, or of this machine. */
  readonly requestsPerMinute?: number;
  /** The time limit for receiving the headers of a request, and a body that is not an upload (default: 10 s and 30 s). */
  readonly arrivalMilliseconds?: number;
  /** The maximum size of an upload (default: limited by the disk only). */
  readonly maxUploadBytes?: number;
  readonly logger?: Logger;
  /** Logs a request, given the members of its log line as JSON (default: the logger logs them as an object). */
  readonly logRequest?: (members: string) => void;
  /** The services of modules to run in the background while the server listens. */
  readonly services?: readonly string[];
  readonly serviceOutput?: ServiceOutput;
  /** The location of the server's own database, instead of the one that the environment configures. */
  readonly stateLocation?: DatabaseLocation | undefined;
}

/** A server that is not listening yet. */
export interface Server {
  readonly app: FastifyInstance;
  /** The server's own database. */
  readonly state: Database;
  /** Whether a request without a token is refused. */
  readonly requiresToken: boolean;
  /** @returns the URL of the server @throws MeridianError `usage` for an address that cannot be bound */
  listen(port: number): Promise<string>;
  /**
   * Ends requests and streams within {@link CLOSE_SECONDS}, and loads and services after their current batch; then closes the databases.
   */
  close(): Promise<void>;
}

/** After this time, open connections are closed. */
const CLOSE_SECONDS = 8;
const SWEEP_MILLISECONDS = 50;

/**
 * @throws MeridianError `usage` where the server is reachable from other machines and there is no valid token, `package` for missing
 *   packages
 */
export async function makeServer(options: ServerOptions): Promise<Server> {
  const { project, host, origin, logger } = options;
  // behind a proxy, all requests come from this machine
  const requiresToken = (options.requiresToken ?? false) || !isLoopback(host) || origin !== undefined;
  const state = await openServerDatabase(project, options.stateLocation);
  try {
    if (requiresToken && !(await hasValidToken(state))) {
      throw new MeridianError(
        'usage',
        `Every request to ${origin?.origin ?? host} needs a token, and there is none. Make one with npx meridian token create --role admin.`,
      );
    }
    const loads = new Loads();
    const services = new Services(options.serviceOutput ?? SILENT);
    const closing: (() => Promise<void>)[] = [];
    const parts = await partsOf(options, { state, loads, services, requiresToken }, closing);
    services.refuseUnknown(options.services ?? []);
    const app = await buildApp({
      ...parts,
      host,
      origin,
      logger,
      logRequest: options.logRequest ?? (logger && ((members) => logger.info(JSON.parse(`{${members}}`)))),
      requestsPerMinute: options.requestsPerMinute ?? DEFAULT_REQUESTS_PER_MINUTE,
      arrivalMilliseconds: options.arrivalMilliseconds,
    });
    let stopped: Promise<unknown> | undefined;
    app.addHook('preClose', async () => {
      stopped = Promise.all([loads.stop(), services.stop()]);
      // it is awaited when the requests have ended
      stopped.catch(() => undefined);
    });
    app.addHook('onClose', async () => {
      await inOrder([
        () => stopped,
        () => settleAll(closing.map((one) => one())),
        () => parts.databases.close(),
        () => state.close(),
      ]);
    });
    return {
      app,
      state,
      requiresToken,
      async listen(port) {
        const url = await listen(app, host, port);
        services.start(options.services ?? []);
        return url;
      },
      close: () => close(app),
    };
  } catch (error) {
    await state.close();
    throw error;
  }
}

/** The parts of the server besides its routes. */
interface Inner {
  readonly state: Database;
  readonly loads: Loads;
  readonly services: Services;
  readonly requiresToken: boolean;
}

const SILENT: ServiceOutput = { note: () => undefined, complain: () => undefined, retrying: () => undefined };

type Parts = Omit<AppParts, 'host' | 'origin' | 'logger' | 'logRequest' | 'requestsPerMinute' | 'arrivalMilliseconds'>;

async function partsOf(
  options: ServerOptions,
  { state, loads, services, requiresToken }: Inner,
  closing: (() => Promise<void>)[],
): Promise<Parts> {
  const databases = new OpenDatabases(options.databases);
  const authenticator = new Authenticator(state, requiresToken);
  const metrics = await importFor('The HTTP API', makeMetrics);
  const states = [...serverStates(databases, loads), { name: 'services', read: async () => services.states() }];
  const server: RouteServer = {
    onClose: (close) => void closing.push(close),
    offer: (service) => services.offer(service),
    watch: (state) => void states.push(state),
  };
  const ofModules = await Promise.all(options.project.modules.map((module) => module.routes?.(server) ?? []));
  const screens = screenFiles(options.project.modules);
  const isSecure = options.origin?.protocol === 'https:';
  const routes: Route[] = [
    ...healthRoutes(
      state,
      databases,
      options.project.databases.map(({ name }) => name),
    ),
    metricsRoute(metrics),
    ...accessRoutes({ state, authenticator, isSecure }),
    ...auditRoutes(state),
    ...entityRoutes(databases),
    ...loadRoutes({
      project: options.project,
      databases,
      loads,
      maxUploadBytes: options.maxUploadBytes ?? Number.MAX_SAFE_INTEGER,
    }),
    ...migrationRoutes(databases, () => unloadedDatabases(options.project)),
    ...watchRoutes(new Watch(() => states)),
    ...descriptionRoutes(() => routes),
    ...pageRoutes(databases, () => routes.map(({ id }) => id), screens.paths),
    ...screens.routes,
    ...ofModules.flat(),
  ];
  return { routes, databases, authenticator, audit: new AuditLog(state), metrics };
}

/** Databases of modules into which no files are loaded. */
function unloadedDatabases({ modules }: Project): readonly DatabaseDeclaration[] {
  const groups = modules.flatMap(({ databases = [] }) => databases);
  return groups.filter(({ isPopulated }) => !isPopulated).flatMap((group) => group.list());
}

async function listen(app: FastifyInstance, host: string, port: number): Promise<string> {
  try {
    await app.listen({ host, port });
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    const reason = code === 'EADDRINUSE' ? 'another program uses this port' : messageOf(error);
    throw new MeridianError(
      'usage',
      `The server cannot listen at ${host}, port ${port}: ${reason}. Name another port with --port, or another address with --host.`,
      { cause: error },
    );
  }
  const { port: taken } = app.server.address() as AddressInfo;
  return `http://${host.includes(':') ? `[${host}]` : host}:${taken}`;
}

/** Closes users of a resource before the resource. A failed step does not prevent the following ones. */
async function inOrder(steps: readonly (() => Promise<unknown> | undefined)[]): Promise<void> {
  const [first, ...rest] = steps;
  try {
    await first?.();
  } finally {
    if (rest.length > 0) {
      await inOrder(rest);
    }
  }
}

async function close(app: FastifyInstance): Promise<void> {
  const cancelCut = setTimer(CLOSE_SECONDS * 1000, () => app.server.closeAllConnections());
  // a connection whose stream has ended would be kept alive for another request
  const endSweep = setTimer(SWEEP_MILLISECONDS, () => app.server.closeIdleConnections(), { repeat: true });
  try {
    await app.close();
  } finally {
    cancelCut();
    endSweep();
  }
}
