import Link from 'next/link';
import type { Unplaced as Words } from '@/lib/charts/map/unplaced';

/**
 * Why the map is bare. A bare map has room for it in its middle; where something is drawn it stands above the picture, as it would hide what
 * there is.
 */
export function Unplaced({ words, dataHref }: { words: Words; dataHref: string }) {
  // On a narrow map the buttons lie below.
  const place = words.isBare
    ? 'pointer-events-none absolute inset-x-0 top-0 bottom-10 z-10 flex items-center justify-center p-2 @min-[560px]:bottom-0'
    : 'mb-3';
  return (
    <div role="status" className={place}>
      <div
        className={`pointer-events-auto rounded-[5px] border border-line-strong bg-surface px-4 py-3 @max-[560px]:px-3 @max-[560px]:py-2 @max-[560px]:text-axis ${words.isBare ? 'max-w-[60ch]' : ''}`}
      >
        <p className="font-medium">{words.title}</p>
        <p className="mt-1 text-muted">
          {words.text}{' '}
          {words.command ? (
            <code className="font-mono text-text whitespace-nowrap">{words.command}</code>
          ) : null}
        </p>
        {words.command ? (
          <p className="mt-1">
            <Link href={dataHref} className="text-accent underline underline-offset-2 hover:no-underline">
              What is loaded, on the Data page
            </Link>
          </p>
        ) : null}
      </div>
    </div>
  );
}
