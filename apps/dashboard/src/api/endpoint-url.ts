import { apiBase } from '@langevin/contracts/api/routes';

/** What fills the holes of a path, or stands in a query; what is undefined is left out. */
export type UrlValues = Readonly<Record<string, string | number | undefined>>;

/** Address of an endpoint: the parameters fill its path, encoded; the query follows. */
export function endpointUrl(template: string, params: UrlValues = {}, query: UrlValues = {}): string {
  const path = template.replace(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(params[name] ?? ''));
  const search = new URLSearchParams();
  for (const [key, value] of Object.entries(query)) {
    if (value !== undefined) search.set(key, String(value));
  }
  const text = search.toString();
  return `${apiBase}${path}${text === '' ? '' : `?${text}`}`;
}
