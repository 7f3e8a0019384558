/**
 * Loads several databases concurrently, validates every record, and checks the references between databases. `npx meridian` does the same
 * on the command line.
 *
 * @packageDocumentation
 */
export { type MigrateOptions, type MigrateResult, migrate } from './api/migrate.ts';
export type { DatabaseName, ReportedTable, TableName } from './api/names.ts';
export { type OpenDatabases, type OpenOptions, open } from './api/open.ts';
export {
  type LoadFile,
  type PopulateOptions,
  type PopulateResult,
  populate,
} from './api/populate.ts';
export { type RunsOptions, type RunsResult, runs } from './api/runs.ts';
export { type VerifyOptions, type VerifyResult, verify } from './api/verify.ts';
export { defineConfig } from './config/define-config.ts';
export type { Limits } from './config/module.ts';
export type {
  DatabaseConfig,
  DatabasesConfig,
  DeclaredEntity,
  EntityConfig,
  EntityNameOf,
  MeridianConfig,
  OptionsFile,
  OrmConfig,
  ServeConfig,
} from './config/types.ts';
export type { NaturalKey, OutboxMapping } from './database/declaration.ts';
export { type RelatedOptions, type RelatedRows, related } from './integrity/related.ts';
export type { DatabaseVerdict, Violation } from './integrity/verify.ts';
export type { Counts, Entry, Outcome, Reason } from './loads/ledger.ts';
export type { LineSpan } from './loads/line-span.ts';
export type { RunSummary } from './loads/list-runs.ts';
export type { SkippedFile } from './populate/only-new.ts';
export type { ExceededLimit, FrequentReason } from './populate/rejects/limit-report.ts';
export type { DatabaseReport as TableReport } from './populate/report.ts';
export { asError } from './shared/async/settle.ts';
export { type ErrorCode, MeridianError, messageOf, programError } from './shared/errors.ts';
export { importFor } from './shared/optional.ts';
export type { RecordError } from './shared/rules/rules.ts';
