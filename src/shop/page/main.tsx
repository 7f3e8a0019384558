/** The page of the package: the screens of the tool, and those of the shop where the server has its routes. */
import { showPage } from '../../page/index.tsx';

showPage([], []);
