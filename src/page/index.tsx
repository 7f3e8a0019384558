/** Renders the page: the screens of the tool, and those of modules. */
import { render } from 'preact';
import { EntityScreen } from './data/screen.tsx';
import { App } from './frame/app.tsx';
import type { Screen } from './frame/screen.ts';
import { LoadScreen } from './loads/screen.tsx';
import { Migrations } from './migrations/migrations.tsx';
import { Overview } from './overview/overview.tsx';
import { pageParts } from './page-parts.tsx';

/** Parameters of lists, which the address of a row also has, for the way back to its list. */
const OF_LISTS = ['search', 'sort', 'total', 'new', 'filter.*'];
const DATA = { '': [], ':database': [], ':database/:entity': OF_LISTS, ':database/:entity/:key+': OF_LISTS };
const LOADS = { '': ['table', 'all'], ':run': [], ':run/rejects': ['table', 'code', 'property'] };

/** @param added the screens of modules @param states the states that these screens follow */
export function showPage(added: readonly Screen[], states: readonly string[]): void {
  const screens: readonly Screen[] = [
    { name: '', title: 'Overview', needs: 'watchServer', addresses: { '': [] }, Content: Overview },
    { name: 'data', title: 'Data', needs: 'listRows', addresses: DATA, Content: EntityScreen },
    { name: 'loads', title: 'Loads', needs: 'listLoads', addresses: LOADS, Content: LoadScreen },
    ...added,
    { name: 'migrations', title: 'Migrations', needs: 'listMigrations', addresses: { '': [] }, Content: Migrations },
  ];
  const root = document.getElementById('page');
  if (root !== null) {
    render(<App screens={screens} states={['databases', 'loads', ...states]} parts={pageParts} />, root);
  }
}
