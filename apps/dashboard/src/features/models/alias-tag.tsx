/** Properties of the tag. */
export interface AliasTagProps {
  readonly alias: string;
  /** The version that it points at, where it is not clear from the place. */
  readonly version?: number;
}

/** The name of an alias. */
export function AliasTag({ alias, version }: AliasTagProps) {
  return (
    <span className="inline-flex h-5 items-center rounded bg-accent-soft px-1.5 text-xs font-medium whitespace-nowrap text-accent">
      {alias}
      {version !== undefined && <span className="ml-1 font-normal">→ {version}</span>}
    </span>
  );
}
