/**
 * The API for modules of a project: commands that parse options and print results like the tool's own, menu entries, services with a health
 * check, and options of `populate` and `verify`.
 *
 * @packageDocumentation
 */
export type { Command } from 'commander';
export { specOf } from './cli/commands/generate.arguments.ts';
export { untilInterrupted } from './cli/interruption.ts';
export { ask, askFlag } from './cli/menu/prompts.ts';
export { withOutputOptions } from './cli/options/common-options.ts';
export { type HealthOptions, withHealthOptions } from './cli/options/health.options.ts';
export { ListOption } from './cli/options/list.option.ts';
export { readWhole, wholeNumber } from './cli/options/whole-number.ts';
export { exitCodeFor, FAILED, INTERRUPTED, worstOf } from './cli/output/exit-code.ts';
export { countOf, formatNumber } from './cli/output/format.ts';
export { openLog } from './cli/output/log.ts';
export { printable, printableLines } from './cli/output/printable.ts';
export { amountCell, type Cell, idCell, renderTable } from './cli/output/table.ts';
export { startTally } from './cli/output/tally.ts';
export { Output, type OutputOptions } from './cli/output/terminal.ts';
export { serve } from './cli/service.ts';
export type { CommandOutput } from './config/command-output.ts';
export type { Action, MenuEntry, Prompt, Questions, Runner, Script } from './config/menu-entry.ts';
export type {
  CommandDeclaration,
  IndexedStore,
  Module,
  PopulateExtension,
  PopulatePlan,
  VerifyExtension,
} from './config/module.ts';
export type {
  Actor,
  Answer,
  AnswerDescription,
  Call,
  Operation,
  Parameter,
  RequestBody,
  Role,
  Route,
  RouteServer,
  Schema,
  ServedDatabases,
  WatchedState,
} from './config/route.ts';
export type { Service, ServiceControl, ServiceOutput } from './config/service.ts';
export { Problem, type ProblemCode, type ProblemOptions } from './http/problem.ts';
export { readPairs } from './populate/read-pairs.ts';
export { makeTemporaryFolder } from './shared/files/temporary-folder.ts';
export type { Health } from './shared/health/serve.ts';
