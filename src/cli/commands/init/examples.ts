/** The example projects of `init`. */
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { buildRoot, peerRanges, projectRoot } from '../../../shared/project.ts';

export const EXAMPLES = ['minimal', 'shop'] as const;

export type Example = (typeof EXAMPLES)[number];

export interface ExampleFiles {
  /** Path -> text. */
  readonly files: Readonly<Record<string, string>>;
  /** The packages that it imports besides Meridian: name -> versions. */
  readonly dependencies: Readonly<Record<string, string>>;
}

const PACKAGES = ['@mikro-orm/core', '@mikro-orm/migrations', '@mikro-orm/sqlite'];

const MODULES_ONLY = '{\n  "type": "module"\n}\n';

/** @param isModule whether `.js` files of the project are ES modules; if not, the files get the extension `.mjs` */
export function exampleFiles(example: Example, isModule: boolean): ExampleFiles {
  const files = example === 'minimal' ? minimalFiles(isModule) : shopFiles(isModule);
  return { files, dependencies: Object.fromEntries(PACKAGES.map((name) => [name, peerRanges[name] ?? '*'])) };
}

function minimalFiles(isModule: boolean): Record<string, string> {
  const folder = join(projectRoot, 'examples', 'minimal');
  const paths = globSync(['*.js', 'src/*.js', 'samples/*.csv', 'migrations/*/*/{*.cjs,.snapshot-*.json}'], {
    cwd: folder,
  });
  return Object.fromEntries(
    paths.map((path) => {
      const text = readFileSync(join(folder, path), 'utf8');
      const isSource = path.endsWith('.js') && !isModule;
      return isSource ? [asModule(path), text.replaceAll(/(from '\..*)\.js'/g, "$1.mjs'")] : [path, text];
    }),
  );
}

const SHOP_DATABASES = ['users', 'products', 'orders'] as const;

function shopFiles(isModule: boolean): Record<string, string> {
  const migrations = SHOP_DATABASES.flatMap((database) => [
    ...copied(join(buildRoot, 'migrations'), `${database}/*/*.js`),
    ...copied(join(projectRoot, 'migrations'), `${database}/*/.snapshot-*.json`),
  ]);
  const samples = SHOP_DATABASES.map((name) => {
    const sample = join(projectRoot, 'src', 'shop', name, `${name}.sample.csv`);
    return [`samples/${name}.csv`, readFileSync(sample, 'utf8')];
  });
  return {
    [isModule ? 'meridian.config.js' : 'meridian.config.mjs']: SHOP_CONFIG,
    ...Object.fromEntries(samples),
    ...Object.fromEntries(migrations),
    ...(isModule ? {} : { 'migrations/package.json': MODULES_ONLY }),
  };
}

function copied(folder: string, pattern: string): [string, string][] {
  return globSync(pattern, { cwd: folder }).map((path) => {
    const text = readFileSync(join(folder, path), 'utf8').replace(/\n\/\/# sourceMappingURL=.*\s*$/, '\n');
    return [`migrations/${path.replaceAll('\\', '/')}`, text];
  });
}

const asModule = (path: string) => path.replace(/\.js$/, '.mjs');

const SHOP_CONFIG = `/** The shop that Meridian ships with. Its regions, central and documents are databases of its module. */
import { defineConfig } from 'meridian';
import { orders, products, shop, users } from 'meridian/shop';

export default defineConfig({
  databases: {
    users: {
      ...users,
      entities: { user: { ...users.entities.user, sample: 'samples/users.csv' } },
    },
    products: {
      ...products,
      entities: { product: { ...products.entities.product, sample: 'samples/products.csv' } },
    },
    orders: {
      ...orders,
      entities: { order: { ...orders.entities.order, sample: 'samples/orders.csv' } },
    },
  },
  modules: [shop()],
});
`;
