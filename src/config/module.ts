/**
 * The extension interface of the tool. A project names its databases and its modules; a module adds databases that are known only at run
 * time, generators, commands, menu entries, and options of `populate` and `verify`:
 *
 * ```ts
 * import { defineConfig } from 'meridian';
 * import type { Module } from 'meridian/module';
 *
 * const greetings: Module = {
 *   addCommands(program) {
 *     program.command('hello').action(() => console.log('Hello'));
 *   },
 * };
 *
 * export default defineConfig({ databases: {}, modules: [greetings] });
 * ```
 */
import type { Command } from 'commander';
import type { DatabaseDeclaration } from '../database/declaration.ts';
import type { MigrationStatus } from '../database/migrate.ts';
import type { DatabaseGenerator } from '../generate/generator.ts';
import type { FileRule } from '../populate/file-rules.ts';
import type { PopulateOptions } from '../populate/options.ts';
import type { CommandOutput } from './command-output.ts';
import type { MenuEntry } from './menu-entry.ts';
import type { Route, RouteServer } from './route.ts';

export interface Project {
  /** The databases that `populate` loads together, and in which references are looked up. */
  readonly databases: readonly DatabaseDeclaration[];
  readonly modules: readonly Module[];
  /** The URL of a module that exports a `DeclarationModule`; without it, all loads of a populate run in one thread. */
  readonly databaseModule?: string;
  /** The absolute path of the config file. */
  readonly config?: string;
  /** Table -> how its files are read. */
  readonly files?: Readonly<Record<string, readonly FileRule[]>>;
  /** Table -> what is loaded when no file is given: absolute paths, which may be patterns, and URLs. */
  readonly loads?: Readonly<Record<string, readonly string[]>>;
  /** Table -> property -> its column in the files, where their names differ. */
  readonly maps?: Readonly<Record<string, Readonly<Record<string, string>>>>;
  readonly defaults?: ProjectDefaults;
}

/** Batch sizes and thresholds of a load. */
export interface Limits {
  /** Records per statement. */
  readonly batchRecords?: number;
  /** Records per transaction. */
  readonly transactionRecords?: number;
  /**
   * The number of records from which loads run in threads: the sum over all loads where several databases are loaded, else that of each
   * load.
   */
  readonly threadRecords?: number;
}

/** Defaults from the config that command options override; paths are absolute. */
interface ProjectDefaults {
  readonly rejects?: string;
  readonly maxRejects?: number | string;
  readonly allOrNothing?: boolean;
  readonly onConflict?: 'reject' | 'update';
  readonly onlyNew?: boolean;
  readonly strict?: boolean;
  readonly log?: string;
  readonly limits?: Limits;
  /** The services that `serve` runs. */
  readonly services?: readonly string[];
}

/** An extension of the tool, for the `modules` of a config. All members are optional. */
export interface Module {
  /** Databases besides those of the project. */
  readonly databases?: readonly DatabaseGroup[];
  /**
   * Returns the declaration of one of these databases, even if it does not exist yet, for the threads of loads. It returns the same object
   * each time.
   */
  readonly declarationOf?: (database: string) => DatabaseDeclaration | undefined;
  /** Stores without tables that `migrate` prepares, under the current configuration. */
  readonly stores?: () => readonly IndexedStore[];
  readonly generators?: readonly DatabaseGenerator[];
  readonly populate?: PopulateExtension;
  readonly verify?: VerifyExtension;
  /** Commands whose modules are imported when they are called. */
  readonly commands?: readonly CommandDeclaration[];
  /** Adds commands that are small enough to be imported with the config. Called after the `commands` have been added. */
  readonly addCommands?: (program: Command) => void;
  /** Menu entries in display order; loaded when the menu opens. */
  readonly menu?: () => Promise<readonly MenuEntry[]>;
  /** Routes of the HTTP API, loaded when a server starts. */
  readonly routes?: (server: RouteServer) => Promise<readonly Route[]>;
  /** A script with screens of the page, an ES module that a browser imports: `new URL('./screens.js', import.meta.url)`. */
  readonly screens?: URL;
}

/** A command as the list of commands shows it. Its implementation is imported when it is called or its help is requested. */
export interface CommandDeclaration {
  /** The name and arguments of the command: `stock [products...]`. */
  readonly usage: string;
  /** The summary in `meridian --help`. */
  readonly summary: string;
  /** Adds the description, arguments, options and the action, or subcommands. */
  define(command: Command): Promise<void>;
}

/** A group of similar databases, such as one for each region. */
export interface DatabaseGroup {
  /** The names, for the help: `orders.<region> such as orders.boston`. */
  readonly help: string;
  /** Whether files are loaded into them; then `runs` lists them and `verify` checks them. */
  readonly isPopulated: boolean;
  /** Lists the databases of the current configuration, in the order in which a populate locks them. */
  list(): readonly DatabaseDeclaration[];
}

/** A store without tables, for which `migrate` creates indexes. */
export interface IndexedStore {
  readonly name: string;
  /** Creates the missing indexes. @returns their names */
  ensure(): Promise<string[]>;
  /** @returns the names of the missing indexes */
  pending(): Promise<string[]>;
}

/** The status that `migrate:status` reports for a database or a store. */
export type TargetStatus = MigrationStatus & { readonly missing: boolean };

/** Options as commander parsed them. */
type Options = Readonly<Record<string, unknown>>;

/** The plan of a populate: the sources, and the databases that they are loaded into. */
export type PopulatePlan = Pick<PopulateOptions, 'catalog' | 'sources' | 'spread'> &
  Required<Pick<PopulateOptions, 'columns' | 'values'>>;

/** Options of `populate` that change what it loads and into which databases. */
export interface PopulateExtension {
  addOptions(command: Command): void;
  /** Changes the plan according to the options.
   *
   * @param files the databases that a file is given for
   * @throws MeridianError `usage` for options that exclude each other
   */
  plan(options: Options, plan: PopulatePlan, files: readonly string[]): Promise<PopulatePlan>;
}

/** Options of `verify`, and work that they request before the rows are checked. */
export interface VerifyExtension {
  addOptions(command: Command): void;
  /** Runs before the rows are checked, and prints what it did. @returns `undefined` when no option requests it */
  prepare(options: Options, output: CommandOutput): Promise<Preparation | undefined>;
}

export interface Preparation {
  /** The minimum exit code of `verify`. */
  readonly exitCode: number;
  /** Added to the JSON result. */
  readonly json: Readonly<Record<string, unknown>>;
}
