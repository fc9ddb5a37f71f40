import { useEffect } from 'react';

/** Names the page in the tab: `digits-ddpm · Langevin`. */
export function usePageTitle(title: string): void {
  useEffect(() => {
    document.title = `${title} · Langevin`;
  }, [title]);
}
