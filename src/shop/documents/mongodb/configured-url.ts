/** The URL of a document store on MongoDB. */
import process from 'node:process';
import { configuredUrl } from '../../../databases.ts';
import { documents } from '../../catalog.ts';

/** @returns `undefined` if the document store is in tables */
export function mongodbUrl(environment: NodeJS.ProcessEnv = process.env): string | undefined {
  const url = configuredUrl(documents.name, environment);
  return /^mongodb(\+srv)?:/i.test(url) ? url : undefined;
}
