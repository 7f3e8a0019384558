/** docs/reference/configuration.md: every environment variable. */
import { code, page, table } from './markdown.ts';
import { catalog, central, documents } from './sources.ts';
import { variableGroups } from './variables.ts';

export function configurationPage(): string {
  const groups = variableGroups([...catalog, central, documents].map(({ name }) => name));
  return page(
    'Configuration',
    'Environment variables configure Meridian. A `.env` file in the working directory is read as well; a variable that is set already wins. ' +
      'The file is UTF-8 text with a `NAME=value` on each line. `.env.example` is a template. No message prints a URL that may hold a password.',
    ...groups.flatMap(({ title, introduction, variables }) => [
      `## ${title}`,
      introduction,
      table(
        ['variable', 'meaning', 'default'],
        variables.map(({ name, meaning, otherwise }) => [
          code(name),
          meaning,
          otherwise.includes(' ') ? otherwise : codeIfAny(otherwise),
        ]),
      ),
    ]),
  );
}

function codeIfAny(text: string): string {
  return text === '' ? '' : code(text);
}
