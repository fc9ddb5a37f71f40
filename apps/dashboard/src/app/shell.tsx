import { Link, Outlet, useNavigate, useSearch } from '@tanstack/react-router';
import { CircleQuestionMark, Moon, Plus, Search, Sun } from 'lucide-react';
import { Suspense, lazy, useState } from 'react';
import { useShortcut } from '../shortcuts/use-shortcut.js';
import { useTheme } from '../theme/use-theme.js';
import { buttonClass } from '../ui/button.js';
import { IconButton } from '../ui/icon-button.js';
import { TipLayer } from '../ui/tip-layer.js';
import { ConnectionBanner, ConnectionDot } from './connection-notes.js';
import { parts } from './pages.js';
import { Palette } from './palette.js';

const HelpDialog = lazy(async () => ({ default: (await parts.help()).HelpDialog }));
const SampleDialog = lazy(async () => ({ default: (await parts.sample()).SampleDialog }));
const ThemeMenu = lazy(async () => ({ default: (await parts.theme()).ThemeMenu }));

const pages = [
  { to: '/runs', label: 'Runs' },
  { to: '/models', label: 'Models' },
  { to: '/nodes', label: 'Nodes' },
] as const;

/** What every page has: the way to the others, the state of the connection, the dialogs that open anywhere. */
export function Shell() {
  const [open, setOpen] = useState<'palette' | 'help'>();
  const navigate = useNavigate();
  const { draw } = useSearch({ from: '__root__' });
  useShortcut('mod+k', 'Go to a page or a run', () => setOpen('palette'));
  useShortcut('/', 'Go to a page or a run', () => setOpen('palette'));
  useShortcut('?', 'Show the keys', () => setOpen('help'));
  const closeDraw = () => void navigate({ to: '.', search: (old) => ({ ...old, draw: undefined }), replace: true });
  return (
    <div className="flex min-h-dvh flex-col">
      <a href="#main" className="sr-only z-50 rounded-md bg-accent px-3 py-1.5 text-on-accent focus:not-sr-only focus:absolute focus:top-2 focus:left-2">
        Skip to content
      </a>
      <Header onSearch={() => setOpen('palette')} onHelp={() => setOpen('help')} />
      <ConnectionBanner />
      <main id="main" tabIndex={-1} className="mx-auto w-full max-w-[1600px] grow px-3 py-4 outline-none sm:px-5">
        <Outlet />
      </main>
      {open === 'palette' && <Palette onClose={() => setOpen(undefined)} />}
      <Suspense>
        {open === 'help' && <HelpDialog onClose={() => setOpen(undefined)} />}
        {draw !== undefined && <SampleDialog key={draw} from={draw} onClose={closeDraw} />}
      </Suspense>
      <TipLayer />
    </div>
  );
}

function Header({ onSearch, onHelp }: { readonly onSearch: () => void; readonly onHelp: () => void }) {
  return (
    <header className="sticky top-0 z-30 border-b border-line bg-surface">
      <div className="mx-auto flex h-12 max-w-[1600px] items-center gap-1 px-3 sm:gap-2 sm:px-5">
        <Link to="/runs" aria-label="Langevin, all runs" className="mr-1 flex shrink-0 items-center gap-2 rounded-md sm:mr-4">
          <img src="/favicon.svg" alt="" width={22} height={22} />
          <span className="hidden text-base font-semibold tracking-tight sm:inline">Langevin</span>
        </Link>
        <nav aria-label="Pages" className="flex items-center gap-0.5">
          {pages.map(({ to, label }) => (
            <Link
              key={to}
              to={to}
              className="inline-flex h-7 items-center rounded-md px-2 text-ink-2 hover:bg-raised hover:text-ink sm:px-2.5"
              activeProps={{ className: 'bg-raised font-medium !text-ink' }}
            >
              {label}
            </Link>
          ))}
        </nav>
        <div className="ml-auto flex items-center gap-0.5 sm:gap-1">
          <ConnectionDot />
          <IconButton label="Go to…" shortcut="/" onClick={onSearch}>
            <Search size={16} aria-hidden />
          </IconButton>
          <ThemeButton />
          <span className="hidden sm:inline">
            <IconButton label="Keys" shortcut="?" onClick={onHelp}>
              <CircleQuestionMark size={16} aria-hidden />
            </IconButton>
          </span>
          <Link to="/submit" className={`${buttonClass()} ml-1`}>
            <Plus size={15} aria-hidden />
            <span>
              <span className="sr-only sm:not-sr-only">New </span>job
            </span>
          </Link>
        </div>
      </div>
    </header>
  );
}

/** Opens the menu of themes, which is loaded when it is first asked for. */
function ThemeButton() {
  const [asked, setAsked] = useState(false);
  const Icon = useTheme().shown === 'dark' ? Moon : Sun;
  const button = (
    <IconButton label="Theme" aria-haspopup="menu" onClick={() => setAsked(true)}>
      <Icon size={16} aria-hidden />
    </IconButton>
  );
  return asked ? (
    <Suspense fallback={button}>
      <ThemeMenu />
    </Suspense>
  ) : (
    button
  );
}
