/** What a project imports from `meridian/testing`. */
export { removeDatabase } from '../database/remove.ts';
