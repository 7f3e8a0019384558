/** The page of the package: the screens of the tool, and those of the shop if the server has its routes. */
import { addToOverview, showPage } from '../../page/module.tsx';
import { Compare } from './compare.tsx';
import { DeadLetters } from './dead-letters.tsx';
import { regionsInOverview } from './overview.tsx';
import { RegionsScreen } from './regions.tsx';
import { Reports } from './reports.tsx';

const LETTERS = { '': ['region', 'letter'] };
const PERIOD = ['from', 'to'];
const REPORTS = { '': PERIOD, sales: PERIOD, 'sales/:by': PERIOD, ':report': [], ':report/:by': [] };

addToOverview(regionsInOverview);
showPage(
  [
    { name: 'regions', title: 'Regions', needs: 'listRegions', addresses: { '': [] }, Content: RegionsScreen },
    { name: 'dead-letters', title: 'Dead letters', needs: 'listDeadLetters', addresses: LETTERS, Content: DeadLetters },
    { name: 'compare', title: 'Compare', needs: 'compare', addresses: { '': ['region'] }, Content: Compare },
    { name: 'reports', title: 'Reports', needs: 'report.sales', addresses: REPORTS, Content: Reports },
  ],
  ['regions', 'central', 'documents'],
);
