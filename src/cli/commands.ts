/** The tool's own commands, in the order of the help. */
import type { CommandDeclaration, Project } from '../config/module.ts';
import { generatorsOf } from './project.ts';

export function toolCommands(project: Project): readonly CommandDeclaration[] {
  return [
    {
      usage: 'populate',
      summary: 'load all databases concurrently',
      define: async (command) =>
        (await import('./commands/populate.command.ts')).definePopulateCommand(command, project),
    },
    {
      usage: 'inspect <file...>',
      summary: 'show what is in files, and which table they fit',
      define: async (command) =>
        (await import('./commands/inspect/inspect.command.ts')).defineInspectCommand(command, project),
    },
    {
      usage: 'verify',
      summary: 'check every stored row and every reference',
      define: async (command) => (await import('./commands/verify.command.ts')).defineVerifyCommand(command, project),
    },
    ...migrateCommands(project),
    {
      usage: 'runs [databases...]',
      summary: 'list the runs of populate and their state',
      define: async (command) => (await import('./commands/runs.command.ts')).defineRunsCommand(command, project),
    },
    {
      usage: 'rejects',
      summary: 'records that populate rejected, run by run',
      define: async (command) =>
        (await import('./commands/rejects/rejects.command.ts')).defineRejectsCommand(command, project),
    },
    {
      usage: 'query [sql]',
      summary: 'run one SQL query over all databases, which it cannot change',
      define: async (command) => (await import('./commands/query.command.ts')).defineQueryCommand(command, project),
    },
    {
      usage: 'export <table>',
      summary: 'write the rows of a table to a file that populate loads',
      define: async (command) => (await import('./commands/export.command.ts')).defineExportCommand(command, project),
    },
    {
      usage: 'copy <database>',
      summary: 'copy a database to another engine or place, and compare both',
      define: async (command) => (await import('./commands/copy.command.ts')).defineCopyCommand(command, project),
    },
    ...(generatorsOf(project).length > 0 ? [generateCommand(project)] : []),
    {
      usage: 'serve',
      summary: 'serve the HTTP API until stopped',
      define: async (command) => (await import('./commands/serve.command.ts')).defineServeCommand(command, project),
    },
    {
      usage: 'token',
      summary: 'make, list and revoke tokens of the HTTP API',
      define: async (command) => (await import('./commands/token.command.ts')).defineTokenCommand(command, project),
    },
    {
      usage: 'audit',
      summary: 'list who wrote what over the HTTP API',
      define: async (command) => (await import('./commands/audit.command.ts')).defineAuditCommand(command, project),
    },
    {
      usage: 'check',
      summary: 'say whether each entity of the config can be loaded',
      define: async (command) => (await import('./commands/check.command.ts')).defineCheckCommand(command, project),
    },
    {
      usage: 'config',
      summary: 'show what the config says',
      define: async (command) => (await import('./commands/config.command.ts')).defineConfigCommand(command, project),
    },
    {
      usage: 'init',
      summary: 'write meridian.config for the databases of a project',
      define: async (command) => (await import('./commands/init.command.ts')).defineInitCommand(command),
    },
  ];
}

function generateCommand(project: Project): CommandDeclaration {
  return {
    usage: 'generate',
    summary: 'write files of generated data',
    define: async (command) => (await import('./commands/generate.command.ts')).defineGenerateCommand(command, project),
  };
}

function migrateCommands(project: Project): readonly CommandDeclaration[] {
  const commands = () => import('./commands/migrate.command.ts');
  return [
    {
      usage: 'migrate [databases...]',
      summary: 'apply pending migrations',
      define: async (command) => (await commands()).defineMigrateCommand(command, project),
    },
    {
      usage: 'migrate:down <databases...>',
      summary: 'revert the newest migration',
      define: async (command) => (await commands()).defineMigrateDownCommand(command, project),
    },
    {
      usage: 'migrate:status [databases...]',
      summary: 'show what has been applied and what has not',
      define: async (command) => (await commands()).defineMigrateStatusCommand(command, project),
    },
    {
      usage: 'migrate:check [databases...]',
      summary: 'exit 1 if a migration is pending, unknown, or missing for a change of an entity',
      define: async (command) => (await commands()).defineMigrateCheckCommand(command, project),
    },
    {
      usage: 'migrate:create [databases...]',
      summary: 'write migrations for the entities that have changed',
      define: async (command) => (await commands()).defineMigrateCreateCommand(command, project),
    },
  ];
}
