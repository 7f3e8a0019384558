/** The page of the package: the screens of the tool, and those of the shop where the server has its routes. */
import { addToOverview, showPage } from '../../page/module.tsx';
import { Compare } from './compare.tsx';
import { DeadLetters } from './dead-letters.tsx';
import { regionsInOverview } from './overview.tsx';
import { RegionsScreen } from './regions.tsx';
import { Reports } from './reports.tsx';

addToOverview(regionsInOverview);
showPage(
  [
    { name: 'regions', title: 'Regions', needs: 'listRegions', Content: RegionsScreen },
    { name: 'dead-letters', title: 'Dead letters', needs: 'listDeadLetters', Content: DeadLetters },
    { name: 'compare', title: 'Compare', needs: 'compare', Content: Compare },
    { name: 'reports', title: 'Reports', needs: 'report.sales', Content: Reports },
  ],
  ['regions', 'central', 'documents'],
);
