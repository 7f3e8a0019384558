/** Shows the page: the screens of the tool, and others that a module adds. */
import { render } from 'preact';
import { EntityScreen } from './data/screen.tsx';
import { App } from './frame/app.tsx';
import type { Screen } from './frame/screen.ts';
import { LoadScreen } from './loads/screen.tsx';
import { Migrations } from './migrations/migrations.tsx';
import { Overview } from './overview/overview.tsx';
import { pageParts } from './page-parts.tsx';

/** @param added screens of modules @param states the states that they follow */
export function showPage(added: readonly Screen[], states: readonly string[]): void {
  const screens: readonly Screen[] = [
    { name: '', title: 'Overview', needs: 'watchServer', Content: Overview },
    { name: 'data', title: 'Data', needs: 'listRows', Content: EntityScreen },
    { name: 'loads', title: 'Loads', needs: 'listLoads', Content: LoadScreen },
    ...added,
    { name: 'migrations', title: 'Migrations', needs: 'listMigrations', Content: Migrations },
  ];
  const root = document.getElementById('page');
  if (root !== null) {
    render(<App screens={screens} states={['databases', 'loads', ...states]} parts={pageParts} />, root);
  }
}
