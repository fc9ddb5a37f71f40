import { Link } from '@tanstack/react-router';
import { buttonClass } from '../ui/button.js';
import { StateNote } from '../ui/state-note.js';
import { usePageTitle } from '../ui/use-page-title.js';

/** The page of an address that leads nowhere. */
export function NotFound() {
  usePageTitle('Not found');
  return (
    <StateNote
      isPage
      title="There is no such page"
      actions={
        <Link to="/runs" className={buttonClass()}>
          All runs
        </Link>
      }
    />
  );
}
