/**
 * Packages that a project installs only where it uses what needs them. They are imported when they are first needed, and a sentence
 * names the ones that are missing.
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
 * Imports what needs a feature's packages.
 *
 * @throws MeridianError `package`, which names the packages and how to install them, when one of them is missing
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
  // a package that one of these needs is missing only from a broken installation, whose own error says more
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

/** The package at a version that fits: MikroORM's packages all have the same one, and of others the major version is enough. */
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

/** `4` of `^4.0.3`, and `0.17` of `^0.17.0`, for each minor version of those may break something. */
function majorOf(range: string): string {
  return /0\.\d+|\d+/.exec(range)?.[0] ?? 'latest';
}
