/**
 * What the tests of a project need: databases that go with a test.
 *
 * @packageDocumentation
 */
export { type TemporaryDatabases, type TemporaryOptions, temporaryDatabases } from './temporary-databases.ts';
