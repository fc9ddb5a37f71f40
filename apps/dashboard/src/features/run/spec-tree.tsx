/** A value of a spec as an indented list of keys. */
export function SpecTree({ value }: { readonly value: unknown }) {
  if (typeof value !== 'object' || value === null) return <code className="font-mono text-xs">{JSON.stringify(value)}</code>;
  if (Array.isArray(value)) return <code className="font-mono text-xs break-words">{`[${value.map((item) => JSON.stringify(item)).join(', ')}]`}</code>;
  return (
    <ul className="flex flex-col gap-0.5">
      {Object.entries(value).map(([key, inner]: [string, unknown]) => {
        const nested = typeof inner === 'object' && inner !== null && !Array.isArray(inner);
        return (
          <li key={key}>
            <span className={nested ? 'font-medium' : 'text-ink-3'}>{key}</span>
            {nested ? (
              <div className="my-0.5 ml-1 border-l border-line pl-3">
                <SpecTree value={inner} />
              </div>
            ) : (
              <>
                {' '}
                <SpecTree value={inner} />
              </>
            )}
          </li>
        );
      })}
    </ul>
  );
}
