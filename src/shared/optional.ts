/**
 * Optional packages, which a project installs only for the features that it uses. They are imported on first use; the error for a missing
 * package names it.
 */
import { readFileSync } from 'node:fs';
import { findPackageJSON } from 'node:module';
import { MeridianError, messageOf } from './errors.ts';
import { peerRanges } from './project.ts';

const PACKAGES = {
  SQLite: ['@mikro-orm/sqlite'],
  PostgreSQL: ['@mikro-orm/postgresql'],
  MongoDB: ['@mikro-orm/mongodb'],
  NATS: ['@nats-io/jetstream', '@nats-io/transport-node'],
  'The menu': ['@inquirer/prompts'],
  'Generating data of the shop': ['@faker-js/faker'],
  'A chart': ['chartscii'],
  'The HTTP API': ['fastify', '@prometheus-io/client'],
  'Uploading several files in one request': ['@fastify/busboy'],
  Parquet: ['hyparquet-writer'],
  S3: ['@aws-sdk/client-s3'],
} as const;

const UNRESOLVED = /^(Error: )?Cannot find module '.+': .+ cannot be resolved in /;

export type Feature = keyof typeof PACKAGES;

/**
 * Imports a module that needs the packages of a feature.
 *
 * @throws MeridianError `package` with the missing packages and the command that installs them
 */
export async function importFor<T>(feature: Feature, load: () => Promise<T>): Promise<T> {
  try {
    return await load();
  } catch (error) {
    throw explained(feature, error);
  }
}

function explained(feature: Feature, error: unknown): unknown {
  const packages = PACKAGES[feature];
  // a missing dependency of one of these packages means a broken installation, whose own error says more
  const message = messageOf(error);
  if (
    !isNotFound(error) ||
    !packages.some((name) => [`'${name}'`, `'${name}/`].some((text) => message.includes(text)))
  ) {
    return error;
  }
  return new MeridianError(
    'package',
    `${feature} needs ${packages.join(' and ')}: npm i ${packages.map(installable).join(' ')}`,
    { cause: error },
  );
}

function isNotFound(error: unknown): boolean {
  const { code } = (error ?? {}) as { readonly code?: unknown };
  // @swc-node/register resolves modules itself, and its errors have no code
  return code === 'ERR_MODULE_NOT_FOUND' || code === 'MODULE_NOT_FOUND' || UNRESOLVED.test(messageOf(error));
}

/** The package with a version that fits: all MikroORM packages have the same version; for others, the major version is enough. */
function installable(name: string): string {
  return name.startsWith('@mikro-orm/') ? `${name}@${mikroOrmVersion()}` : `${name}@${majorOf(peerRanges[name] ?? '')}`;
}

function mikroOrmVersion(): string {
  const file = findPackageJSON('@mikro-orm/core', import.meta.url);
  if (file === undefined) {
    throw new Error('@mikro-orm/core has no package.json');
  }
  return (JSON.parse(readFileSync(file, 'utf8')) as { version: string }).version;
}

/** `4` for `^4.0.3`, and `0.17` for `^0.17.0`, since a minor version of 0.x may break something. */
function majorOf(range: string): string {
  return /0\.\d+|\d+/.exec(range)?.[0] ?? 'latest';
}
