/** The transport that the environment configures: through NATS when `NATS_URL` is set, otherwise within this process. */
import { MeridianError } from '../../shared/errors.ts';
import { checkNats, type TransportCheck, type Wanted } from './nats/check.ts';
import { type NatsSettings, natsSettings, URL_VARIABLE } from './nats/settings.ts';
import { natsTransport } from './nats/transport.ts';
import type { RemoteListener, RemoteTransport } from './transport.ts';

export type { TransportCheck } from './nats/check.ts';

/** @throws MeridianError `usage` for settings that cannot be understood */
export function isRemote(environment?: NodeJS.ProcessEnv): boolean {
  return natsSettings(environment) !== undefined;
}

/**
 * @param name shown in the server's list of connections
 * @throws MeridianError `usage` where none is configured, `transport` when it cannot be reached
 */
export function openRemote(name: string, listener: RemoteListener): Promise<RemoteTransport> {
  return natsTransport({ settings: theSettings(), name, listener });
}

/**
 * Compares what exists on the server with what would be created. Changes nothing.
 *
 * @param wanted the epoch in which each region is
 * @throws MeridianError `usage`, `transport`
 */
export function checkRemote(wanted: readonly Wanted[]): Promise<TransportCheck> {
  return checkNats(theSettings(), wanted);
}

function theSettings(): NatsSettings {
  const settings = natsSettings();
  if (settings === undefined) {
    throw new MeridianError(
      'usage',
      `${URL_VARIABLE} is not set, so there is nothing between regions and central. Set it, for example to nats://localhost:4222, or use npx meridian sync --watch, which ships without a server.`,
    );
  }
  return settings;
}
