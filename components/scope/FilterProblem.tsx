import type { FilterError } from '@/lib/flows/filter/tokens';

/** Characters before and behind a fault that are shown with it. */
const AROUND = 28;

/** What is wrong with a filter that was typed, with the place marked in the text. */
export function FilterProblem({ id, text, error }: { id: string; text: string; error: FilterError }) {
  const from = Math.max(0, error.offset - AROUND);
  const end = error.offset + error.length;
  const before = `${from > 0 ? '…' : ''}${text.slice(from, error.offset)}`;
  const at = text.slice(error.offset, end);
  const after = text.slice(end, end + AROUND);
  return (
    <div id={id} className="px-2 pt-1.5 pb-1 text-axis text-fall">
      <p className="overflow-hidden pb-1 font-mono text-ellipsis whitespace-pre text-muted">
        {before}
        <mark className="bg-transparent text-fall underline decoration-wavy underline-offset-2">
          {at === '' ? '\u00a0' : at}
        </mark>
        {after}
      </p>
      <p>
        {error.message}
        <span className="sr-only">
          {error.length === 0 ? ', at the end' : `, at character ${error.offset + 1}`}
        </span>
      </p>
    </div>
  );
}
