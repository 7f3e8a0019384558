/** `meridian config print` */
import { inspect } from 'node:util';
import type { Command } from 'commander';
import { type DescribedConfig, type DescribedDatabase, describeProject } from '../../config/describe.ts';
import type { Project } from '../../config/module.ts';
import { displayPath } from '../../database/location.ts';
import { withOutputOptions } from '../options/common-options.ts';
import { renderTable } from '../output/table.ts';
import { Output, type OutputOptions } from '../output/terminal.ts';

export function defineConfigCommand(config: Command, project: Project): void {
  config.description('Shows what the config of the project says.');
  withOutputOptions(
    config
      .command('print')
      .summary('print the config as it was resolved, without secrets')
      .description(
        'Prints the config as it was resolved: where each database is and what says so, its migrations, entities, natural keys, references and ' +
          'samples, and the MikroORM options of the project. Passwords and other secrets are hidden.',
      ),
    'object',
  ).action((options: OutputOptions) => print(options, project));
}

async function print(options: OutputOptions, project: Project): Promise<void> {
  const output = new Output(options);
  const config = await describeProject(project);
  output.say(`Config: ${config.config === undefined ? 'none' : displayPath(config.config)}`);
  output.say(renderTable(['database', 'engine', 'place', 'from', 'migrations'], config.databases.map(databaseRow)));
  output.say(
    renderTable(['entity', 'class', 'natural keys', 'references', 'sample'], config.databases.flatMap(entityRows)),
  );
  for (const line of [...config.databases.flatMap(fileLines), ...defaultLines(config)]) {
    output.say(line);
  }
  for (const { name, orm } of config.databases) {
    if (orm !== undefined) {
      output.say(`MikroORM options of ${name}: ${inspect(orm, { depth: null })}`);
    }
  }
  output.json(config);
}

function databaseRow({ name, engine, place, placeFrom, migrations }: DescribedDatabase): string[] {
  return [name, engine, place, placeFrom, displayPath(migrations)];
}

function entityRows({ name: database, entities }: DescribedDatabase): string[][] {
  return entities.map(({ name, class: className, naturalKeys, references, sample }) => [
    `${database}.${name}`,
    className,
    naturalKeys.map((key) => key.join(' + ')).join(', '),
    Object.entries(references)
      .map(([property, target]) => `${property} → ${target}`)
      .join(', '),
    sample === undefined ? '' : displayPath(sample),
  ]);
}

/** How the files of each entity are read. */
function fileLines({ name: database, entities }: DescribedDatabase): string[] {
  return entities.flatMap(({ name, files = [] }) =>
    files.map(({ match, ...settings }) => {
      const which = match === undefined ? '' : ` that match ${match}`;
      return `Files of ${database}.${name}${which}: ${inspect(settings, { breakLength: Number.POSITIVE_INFINITY })}`;
    }),
  );
}

function defaultLines({ rejects, maxRejects, allOrNothing, log, limits = {} }: DescribedConfig): string[] {
  const all = Object.entries(limits).map(([name, limit]) => `${name} ${limit}`);
  return [
    ...(rejects === undefined ? [] : [`Rejects: ${displayPath(rejects)}`]),
    ...(maxRejects === undefined ? [] : [`Rejected records of a run: ${maxRejects} at most`]),
    ...(allOrNothing === undefined ? [] : [`Everything or nothing: ${allOrNothing ? 'yes' : 'no'}`]),
    ...(log === undefined ? [] : [`Log: ${displayPath(log)}`]),
    ...(all.length === 0 ? [] : [`Limits: ${all.join(', ')}`]),
  ];
}
