/**
 * Utilities for the tests of a project: temporary databases.
 *
 * @packageDocumentation
 */
export { type TemporaryDatabases, type TemporaryOptions, temporaryDatabases } from './temporary-databases.ts';
