/** Imports MikroORM's own copy of pg, wherever the package manager has installed it. */
import { createRequire } from 'node:module';
import type * as Pg from 'pg';

const require = createRequire(import.meta.resolve('@mikro-orm/postgresql'));

export const { Client, Query, types } = require('pg') as typeof Pg;
export type Client = Pg.Client;
