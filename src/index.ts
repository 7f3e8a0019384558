/** What a project imports from `meridian`. */
export { defineConfig } from './config/define-config.ts';
export type { Limits, Module } from './config/module.ts';
export type { DatabaseConfig, EntityConfig, MeridianConfig, OrmConfig } from './config/types.ts';
export { type RelatedOptions, type RelatedRows, related } from './integrity/related.ts';
export { type ErrorCode, MeridianError } from './shared/errors.ts';
