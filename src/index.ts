/** What a project imports from `meridian`. */
export { type ErrorCode, MeridianError } from './shared/errors.ts';
