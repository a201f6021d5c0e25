import { formatShare } from '@/lib/charts/format';
import type { Suggestion } from '@/lib/flows/filter/suggestions';

/** What can be written next, for a text field that is its combobox. */
export function SuggestionList(props: {
  id: string;
  label: string;
  suggestions: readonly Suggestion[];
  /** position of the one that Enter takes; -1 = none */
  active: number;
  onActive: (index: number) => void;
  onChoose: (suggestion: Suggestion) => void;
}) {
  if (props.suggestions.length === 0) return null;
  return (
    <div
      id={props.id}
      role="listbox"
      aria-label={props.label}
      tabIndex={-1}
      className="max-h-64 overflow-y-auto py-1"
    >
      {props.suggestions.map((suggestion, i) => (
        <div
          key={suggestion.text}
          id={`${props.id}-${i}`}
          role="option"
          tabIndex={-1}
          aria-selected={i === props.active}
          onPointerMove={() => props.onActive(i)}
          onPointerDown={(event) => {
            // The field keeps the focus.
            event.preventDefault();
            props.onChoose(suggestion);
          }}
          className={`flex min-h-7 cursor-pointer items-baseline gap-3 rounded-[4px] px-2 py-1 max-sm:min-h-9 ${i === props.active ? 'bg-hover' : ''}`}
        >
          <span className="max-w-[60%] min-w-24 shrink-0 truncate font-mono text-axis">
            {suggestion.text}
          </span>
          <span className="min-w-0 flex-1 truncate text-muted">{suggestion.detail}</span>
          {suggestion.share === null ? null : (
            <span className="tabular shrink-0 text-axis text-muted">{formatShare(suggestion.share)}</span>
          )}
        </div>
      ))}
    </div>
  );
}
