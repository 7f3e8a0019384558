/** Writes a sample file for each entity of a config that names one. */
import { relative } from 'node:path';
import type { Project } from '../../../config/module.ts';
import { Database } from '../../../database/database.ts';
import { type Table, tablesOf } from '../../../database/table.ts';
import { type Sample, samplesOf } from '../../../generate/samples/samples.ts';
import { textOf } from '../../../generate/text.ts';
import { MeridianError } from '../../../shared/errors.ts';
import type { ProjectFiles } from './project-files.ts';

/** @returns notes about samples that are empty or could not be made */
export async function writeSamples(project: Project, files: ProjectFiles): Promise<string[]> {
  const databases: Database[] = [];
  try {
    for (const declaration of project.databases) {
      databases.push(await Database.unconnected(declaration, { create: false }));
    }
    const tables = databases.flatMap(tablesOf);
    const samples = samplesOf(tables);
    return tables.flatMap((table) => writeSample(table, samples.get(table), files));
  } catch (error) {
    if (error instanceof MeridianError) {
      return [
        `No samples were written: ${error.message} Run npx meridian check for all that keeps entities from being loaded.`,
      ];
    }
    throw error;
  } finally {
    await Promise.all(databases.map((database) => database.close()));
  }
}

function writeSample({ declaration }: Table, sample: Sample | undefined, files: ProjectFiles): string[] {
  if (declaration.sample === undefined || sample === undefined) {
    return [];
  }
  const { columns, rows, problem } = sample;
  const path = relative(files.root, declaration.sample).replaceAll('\\', '/');
  const isNew = !files.has(path);
  files.write(path, csv(columns, rows));
  return isNew && problem !== undefined
    ? [
        `${path} has ${rows.length === 0 ? 'no record' : `${rows.length} records`}: ${problem} Write records into it yourself.`,
      ]
    : [];
}

function csv(columns: readonly string[], rows: readonly Readonly<Record<string, string>>[]): string {
  const table = {
    spec: { count: rows.length },
    domain: { columns, numbers: [] },
    fields: (number: number) => columns.map((name) => rows[number - 1]?.[name] ?? ''),
  };
  return [...textOf(table, 'csv')].join('');
}
