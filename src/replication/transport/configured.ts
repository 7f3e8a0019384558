/** The transport that the environment configures: through NATS when `NATS_URL` is set, otherwise within this process. */
import { MeridianError } from '../../shared/errors.ts';
import { importFor } from '../../shared/optional.ts';
import type { TransportCheck, Wanted } from './nats/check.ts';
import { type NatsSettings, natsSettings, URL_VARIABLE } from './nats/settings.ts';
import type { RemoteListener, RemoteTransport } from './transport.ts';

export type { TransportCheck } from './nats/check.ts';

/** @throws MeridianError `usage` for invalid settings */
export function isRemote(environment?: NodeJS.ProcessEnv): boolean {
  return natsSettings(environment) !== undefined;
}

/** Opens a transport: {@link openRemote}, or a replacement for the message server that the environment names. */
export type OpenTransport = (name: string, listener: RemoteListener) => Promise<RemoteTransport>;

/**
 * @param name shown in the server's list of connections
 * @throws MeridianError `usage` where no message server is configured, `transport` when it cannot be reached
 */
export async function openRemote(name: string, listener: RemoteListener): Promise<RemoteTransport> {
  const settings = theSettings();
  const { natsTransport } = await importFor('NATS', () => import('./nats/transport.ts'));
  return natsTransport({ settings, name, listener });
}

/**
 * Compares what exists on the server with what would be created. Changes nothing.
 *
 * @param wanted the current epoch of each region
 * @throws MeridianError `usage`, `transport`
 */
export async function checkRemote(wanted: readonly Wanted[]): Promise<TransportCheck> {
  const settings = theSettings();
  const { checkNats } = await importFor('NATS', () => import('./nats/check.ts'));
  return checkNats(settings, wanted);
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
