/** The default menu, for projects whose modules have no menu entries. */
import { hasLoads } from '../../config/loads.ts';
import type { MenuEntry, Prompt } from '../../config/menu-entry.ts';
import type { Project } from '../../config/module.ts';
import { allTables } from '../../database/declaration.ts';
import { ask } from './prompts.ts';

export function entriesOf(project: Project): readonly MenuEntry[] {
  const tables = allTables(project.databases);
  const hasSamples = tables.some(({ entity }) => entity.sample !== undefined);
  const name = hasLoads(project) ? 'Load the files of the config' : 'Load the samples';
  return [
    ...(hasLoads(project) || hasSamples
      ? [{ name, description: 'The files that the config names.', command: 'populate' }]
      : []),
    {
      name: 'Load files',
      description: 'CSV, TSV, JSON, NDJSON, Excel or Parquet, compressed or not.',
      command: 'populate',
      prompts: [askFiles(tables.map(({ name }) => name))],
    },
    { name: 'What was loaded when', command: 'runs' },
    { name: 'Verify', command: 'verify' },
    { name: 'Query', command: 'query', prompts: [ask('sql', 'SQL, over all databases:')] },
    { name: 'Migrate', command: 'migrate' },
    { name: 'Which migrations are applied', command: 'migrate:status' },
    { name: 'Check the config', command: 'check' },
  ];
}

/** Asks for the file of each table; an empty answer skips the table. */
function askFiles(tables: readonly string[]): Prompt {
  return async (questions) => {
    const files: string[] = [];
    for (const table of tables) {
      const file = await questions.text(`File of ${table} (empty: none):`);
      files.push(...(file.trim() === '' ? [] : ['--load', `${table}=${file.trim()}`]));
    }
    return files;
  };
}
