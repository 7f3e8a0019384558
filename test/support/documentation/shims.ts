/** `npx` and `npm` as a clone has them, for commands that are run in a folder of a test's own. */
import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { projectRoot } from '../../../src/shared/project.ts';

/** @returns the folder to put first on the PATH */
export function makeShims(folder: string): string {
  mkdirSync(folder, { recursive: true });
  write(join(folder, 'npx'), NPX);
  write(join(folder, 'npm'), npm());
  return folder;
}

const node = quoted(process.execPath);
const root = quoted(projectRoot);

/** MikroORM's command line finds its configuration in the checkout, and databases in the folder. */
const NPX = `#!/bin/bash
case "$1" in
  meridian) shift; exec ${node} ${root}/bin/meridian.js "$@" ;;
  mikro-orm)
    shift
    for name in users products orders central documents; do
      variable="\${name^^}_DATABASE_URL"
      export "$variable=\${!variable:-sqlite:$PWD/databases/$name.db}"
    done
    export ORDERS_DATABASE_URL_BOSTON="\${ORDERS_DATABASE_URL_BOSTON:-sqlite:$PWD/databases/orders.boston.db}"
    cd ${root} && exec ${node} node_modules/@mikro-orm/cli/cli.js "$@" ;;
  *) echo "npx $1 is not expected here" >&2; exit 127 ;;
esac
`;

/** `npm ci` has been done; scripts are those of package.json that start Meridian. */
function npm(): string {
  const { scripts } = JSON.parse(readFileSync(join(projectRoot, 'package.json'), 'utf8')) as {
    readonly scripts: Readonly<Record<string, string>>;
  };
  const cases = Object.entries(scripts)
    .filter(([, command]) => command.startsWith('node bin/meridian.js '))
    .map(([name, command]) => `  ${name}) exec ${node} ${root}/${command.replace('node ', '')} "$@" ;;`);
  return `#!/bin/bash
[ "$1" = ci ] && exit 0
[ "$1" = run ] || { echo "npm $1 is not expected here" >&2; exit 127; }
shift
[[ "$1" == -s || "$1" == --silent ]] && shift
script=$1
shift
[ "$1" = -- ] && shift
case "$script" in
${cases.join('\n')}
  *) echo "npm run $script is not expected here" >&2; exit 127 ;;
esac
`;
}

function write(file: string, text: string): void {
  writeFileSync(file, text);
  chmodSync(file, 0o755);
}

function quoted(path: string): string {
  return `'${path.replaceAll("'", "'\\''")}'`;
}
