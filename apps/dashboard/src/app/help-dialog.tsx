import { useState } from 'react';
import { singleKeys } from '../shortcuts/listen.js';
import { shortcuts } from '../shortcuts/use-shortcut.js';
import { Dialog } from '../ui/dialog.js';

/** The keys of the page that is open. */
export function HelpDialog({ onClose }: { readonly onClose: () => void }) {
  const [on, setOn] = useState(singleKeys.get());
  const entries = shortcuts.get();
  const meanings = [...new Set(entries.map(({ does }) => does))];
  return (
    <Dialog title="Keys on this page" onClose={onClose}>
      <dl className="flex flex-col gap-2">
        {meanings.map((does) => (
          <div key={does} className="flex items-center justify-between gap-4">
            <dt>{does}</dt>
            <dd className="flex gap-1">
              {[...new Set(entries.filter((entry) => entry.does === does).map(({ key }) => key))].map((key) => (
                <kbd key={key} className="min-w-6 rounded border border-control px-1.5 text-center font-mono text-xs leading-5">
                  {key.replace('mod+', 'Ctrl ').replace('Arrow', '')}
                </kbd>
              ))}
            </dd>
          </div>
        ))}
      </dl>
      <label className="mt-4 flex items-center gap-2 border-t border-line pt-3">
        <input
          type="checkbox"
          checked={on}
          onChange={(event) => {
            singleKeys.set(event.target.checked);
            setOn(event.target.checked);
          }}
        />
        Single keys do something
      </label>
    </Dialog>
  );
}
