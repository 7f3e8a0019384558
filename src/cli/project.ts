/** Queries on the databases and modules of a project. */
import type { DatabaseGroup, Project } from '../config/module.ts';
import { allTables, classNameOf, type DatabaseDeclaration, migrationSet } from '../database/declaration.ts';
import type { DatabaseGenerator } from '../generate/generator.ts';

/** All databases that files can be loaded into, in the order in which a populate locks them. */
export function populatedDatabases(project: Project): readonly DatabaseDeclaration[] {
  return [...project.databases, ...listed(populatedGroups(project))];
}

/** All databases that have migrations. */
export function allDatabases(project: Project): readonly DatabaseDeclaration[] {
  return [...populatedDatabases(project), ...listed(groupsOf(project).filter(({ isPopulated }) => !isPopulated))];
}

/** The names of the databases that files can be loaded into, for the help of a command. */
export function populatedNames(project: Project): string {
  return namesOf(project, populatedGroups(project));
}

/** The names of all databases, for the help of a command. */
export function allNames(project: Project): string {
  return namesOf(project, groupsOf(project));
}

/** The class of a table's entity: `User` for `users`, `Order` for `orders.boston`, `Depot` for `parcels.depot`. */
export function entityNameOf({ databases }: Project, table: string): string | undefined {
  const tables = allTables(databases);
  const found = tables.find(({ name }) => name === table) ?? tables.find(({ name }) => name === migrationSet(table));
  return found && classNameOf(found.entity.entity);
}

export function generatorsOf({ modules }: Project): readonly DatabaseGenerator[] {
  return modules.flatMap(({ generators = [] }) => generators);
}

/** The databases that `populate` loads together and that can be generated. */
export function generatedDatabases(project: Project): string[] {
  const generators = generatorsOf(project);
  return project.databases
    .map(({ name }) => name)
    .filter((name) => generators.some(({ database }) => database === name));
}

function groupsOf({ modules }: Project): readonly DatabaseGroup[] {
  return modules.flatMap(({ databases = [] }) => databases);
}

function populatedGroups(project: Project): readonly DatabaseGroup[] {
  return groupsOf(project).filter(({ isPopulated }) => isPopulated);
}

function listed(groups: readonly DatabaseGroup[]): readonly DatabaseDeclaration[] {
  return groups.flatMap((group) => group.list());
}

function namesOf({ databases }: Project, groups: readonly DatabaseGroup[]): string {
  return [...databases.map(({ name }) => name), ...groups.map(({ help }) => help)].join(', ');
}
