/** The known regions: configured ones, and those whose databases exist. */
import { existsSync, readdirSync } from 'node:fs';
import process from 'node:process';
import { type DatabaseDeclaration, DEFAULT_DIRECTORY, readEnvironmentFile } from '../../databases.ts';
import { MeridianError } from '../../index.ts';
import { isRegionName, MAX_REGION_NAME_LENGTH, regionNameOf } from '../../replication/index.ts';
import { catalog, central, documents, orders, ordersOf } from '../catalog.ts';

/** The variable with region names, separated by commas. */
const REGIONS_VARIABLE = 'REGIONS';
/** The variable with the region for MikroORM's command line. */
const REGION_VARIABLE = 'REGION';

const DEFAULT_REGIONS = 'boston,seattle,denver';

const URL_VARIABLE = /^ORDERS_DATABASE_URL_(?<region>[A-Z0-9_]+)$/;
const FILE = /^orders[.](?<region>[a-z0-9-]+)[.]db$/;

/** The message if regions are switched off, because `REGIONS` is set but empty. */
export const REGIONS_ARE_OFF = `${REGIONS_VARIABLE} is empty, which switches regions off. Name them there, or unset it for ${DEFAULT_REGIONS}.`;

export function areRegionsOff(environment: NodeJS.ProcessEnv = process.env): boolean {
  return configuredRegions(environment).length === 0;
}

/** @throws MeridianError `usage` if regions are switched off, since no command would see a new region */
export function refuseRegionsOff(environment: NodeJS.ProcessEnv = process.env): void {
  if (areRegionsOff(environment)) {
    throw new MeridianError('usage', REGIONS_ARE_OFF);
  }
}

/**
 * The names of all known regions, configured ones first: those in `REGIONS`, those with a URL variable, and those whose file is in the
 * default location. None if `REGIONS` is set but empty.
 *
 * @throws MeridianError `usage` for an invalid name in `REGIONS`
 */
export function knownRegions(environment: NodeJS.ProcessEnv = process.env): string[] {
  const configured = configuredRegions(environment);
  if (configured.length === 0) {
    return [];
  }
  for (const name of configured) {
    checkName(name, `${REGIONS_VARIABLE} names`);
  }
  const byVariable = Object.keys(environment).flatMap((variable) => {
    const region = URL_VARIABLE.exec(variable)?.groups?.['region'];
    return region !== undefined && environment[variable] ? [region.toLowerCase().replaceAll('_', '-')] : [];
  });
  const files = existsSync(DEFAULT_DIRECTORY) ? readdirSync(DEFAULT_DIRECTORY) : [];
  const byFile = files.flatMap((file) => FILE.exec(file)?.groups?.['region'] ?? []);
  return [...new Set([...configured, ...[...byVariable, ...byFile].filter(isRegionName).sort()])];
}

function configuredRegions(environment: NodeJS.ProcessEnv): string[] {
  if (environment === process.env) {
    readEnvironmentFile();
  }
  const given = (environment[REGIONS_VARIABLE] ?? DEFAULT_REGIONS).trim();
  return given === '' ? [] : given.split(',').map((name) => name.trim());
}

/**
 * Normalizes and checks a region name.
 *
 * @param known all known regions
 * @throws MeridianError `usage` for an unknown region; the message lists the known ones
 */
export function knownRegion(name: string, known: readonly string[] = knownRegions()): string {
  if (known.includes(name)) {
    return name;
  }
  const meant = regionNameOf(name);
  if (meant !== undefined && known.includes(meant)) {
    throw new MeridianError('usage', `There is no region "${name}". Write ${meant}.`);
  }
  if (!isRegionName(name)) {
    checkName(name, 'There is no region');
  }
  if (known.length === 0) {
    throw new MeridianError('usage', `There is no region "${name}". ${REGIONS_ARE_OFF}`);
  }
  throw new MeridianError(
    'usage',
    `There is no region "${name}". There are ${known.join(', ')}. A new one is made with npx meridian regions add ${name}.`,
  );
}

/** The orders databases of the named regions (default: of all known ones). */
export function regionDatabases(names: readonly string[] = []): DatabaseDeclaration[] {
  return (names.length > 0 ? [...new Set(names)] : knownRegions()).map((name) => regionDatabase(name));
}

/** @throws MeridianError `usage` for an invalid region name */
export function regionDatabase(name: string): DatabaseDeclaration {
  checkName(name, 'There is no region');
  return ordersOf(name);
}

/**
 * The orders database of a region that may not exist yet. @throws MeridianError `usage` for an invalid name, with a suggestion, and if
 * regions are switched off
 */
export function newRegionDatabase(name: string): DatabaseDeclaration {
  checkName(name, 'A region cannot be called', regionNameOf(name));
  refuseRegionsOff();
  return ordersOf(name);
}

/** The declaration of a database of the shop by name, including regions that do not exist yet. */
export function declarationOf(database: string): DatabaseDeclaration | undefined {
  const prefix = `${orders.name}.`;
  const region = database.startsWith(prefix) ? database.slice(prefix.length) : '';
  return isRegionName(region)
    ? ordersOf(region)
    : [...catalog, central, documents].find(({ name }) => name === database);
}

/** The region in `REGION`. @throws MeridianError `usage` for an invalid name */
export function regionInEnvironment(environment: NodeJS.ProcessEnv = process.env): string | undefined {
  if (environment === process.env) {
    readEnvironmentFile();
  }
  const name = environment[REGION_VARIABLE]?.trim() || undefined;
  if (name !== undefined) {
    checkName(name, `${REGION_VARIABLE} names`);
  }
  return name;
}

function checkName(name: string, what: string, example = 'new-york'): void {
  if (!isRegionName(name)) {
    throw new MeridianError(
      'usage',
      `${what} "${name}". The name of a region has up to ${MAX_REGION_NAME_LENGTH} lower case letters, digits and single hyphens, such as ${example}.`,
    );
  }
}
