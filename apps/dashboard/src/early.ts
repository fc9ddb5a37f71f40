import { beginEarly } from './app/begin-early.js';
import './styles.css';
import './theme/page-theme.js';

beginEarly();
// What goes wrong here is on the console, and the page says that it needs this program.
void import('./main.js');
