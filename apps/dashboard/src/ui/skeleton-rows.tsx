/** Stands for rows of a table that are still to come. */
export function SkeletonRows({ rows = 6 }: { readonly rows?: number }) {
  return (
    <div aria-hidden="true" className="flex flex-col">
      {Array.from({ length: rows }, (_, row) => (
        <div key={row} className="flex h-9 items-center border-b border-line px-3 last:border-b-0">
          <div className="skeleton h-3.5" style={{ width: `${35 + ((row * 17) % 40)}%` }} />
        </div>
      ))}
    </div>
  );
}
