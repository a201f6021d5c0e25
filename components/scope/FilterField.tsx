'use client';

import { Filter, X } from 'lucide-react';
import { type KeyboardEvent, useLayoutEffect, useRef, useState } from 'react';
import { Button } from '@/components/ui/Button';
import { cx } from '@/components/ui/cx';
import { completionsAt, expectedValue } from '@/lib/flows/filter/completions';
import type { Filters } from '@/lib/flows/filter/filter';
import { parseFilters } from '@/lib/flows/filter/parseFilter';
import { printFilters } from '@/lib/flows/filter/printFilter';
import { preselected, type Suggestion, suggestionsFor, withSuggestion } from '@/lib/flows/filter/suggestions';
import type { Scope } from '@/lib/flows/scope';
import { useFilterValues } from '@/lib/hooks/useFilterValues';
import { FilterProblem } from './FilterProblem';
import { SuggestionList } from './SuggestionList';

/** The shortcut that comes here finds the field by this. */
const FIELD = 'filter-text';

interface Draft {
  text: string;
  /** where the caret stands */
  offset: number;
  /** the suggestion that Enter takes; -1 = none, null = the first where something is half written */
  active: number | null;
  /** Enter was pressed on something that cannot be read */
  refused: boolean;
}

/**
 * The whole filter as text. Closed it is a place to begin; focused it holds what the scope is narrowed to, goes over the bar, and completes
 * what is typed. Enter applies, Escape leaves it as it was.
 */
export function FilterField(props: { scope: Scope; onApply: (filters: Filters) => void }) {
  const { scope } = props;
  const [draft, setDraft] = useState<Draft | null>(null);
  const input = useRef<HTMLInputElement>(null);
  const caret = useRef<number | null>(null);
  const opening = openingText(scope.filters);

  const completions = draft === null ? null : completionsAt(draft.text, draft.offset);
  const value = completions === null ? null : expectedValue(completions);
  const seen = useFilterValues(scope, value?.dimension ?? null, completions?.typed ?? '');
  const suggestions = completions === null ? [] : suggestionsFor(completions, seen);
  const active =
    draft === null || completions === null
      ? -1
      : Math.min(draft.active ?? preselected(completions, suggestions), suggestions.length - 1);

  // React puts the caret at the end of a text that it has set.
  useLayoutEffect(() => {
    if (caret.current === null) return;
    input.current?.setSelectionRange(caret.current, caret.current);
    caret.current = null;
  });

  const open = () => {
    if (draft !== null) return;
    caret.current = opening.length;
    setDraft({ text: opening, offset: opening.length, active: null, refused: false });
  };
  const close = () => {
    setDraft(null);
    input.current?.blur();
  };
  const typed = (text: string, offset: number) => setDraft({ text, offset, active: null, refused: false });
  const choose = (suggestion: Suggestion) => {
    if (draft === null || completions === null) return;
    const next = withSuggestion(draft.text, completions, suggestion);
    caret.current = next.offset;
    typed(next.text, next.offset);
  };

  const readable = draft === null ? '' : withoutOpenEnd(draft.text);
  const read = draft === null ? null : parseFilters(readable);
  const error = read !== null && 'error' in read ? read.error : null;
  // While somebody writes, the end is simply not written yet.
  const isUnfinished = error !== null && error.offset + error.length >= readable.trimEnd().length;
  const shownError = error !== null && draft !== null && (draft.refused || !isUnfinished) ? error : null;
  const apply = () => {
    if (draft === null || read === null) return;
    if ('error' in read) setDraft({ ...draft, refused: true });
    else {
      close();
      props.onApply(read.filters);
    }
  };

  const key = (event: KeyboardEvent) => {
    if (draft === null) return;
    const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0;
    if (step !== 0 && suggestions.length > 0) {
      event.preventDefault();
      const next = Math.max(-1, Math.min(suggestions.length - 1, active + step));
      setDraft({ ...draft, active: next });
      document.getElementById(`${FIELD}-list-${next}`)?.scrollIntoView({ block: 'nearest' });
    } else if (event.key === 'Enter' || (event.key === 'Tab' && !event.shiftKey && active >= 0)) {
      event.preventDefault();
      const chosen = suggestions[active];
      if (chosen) choose(chosen);
      else apply();
    } else if (event.key === 'Escape') {
      event.preventDefault();
      event.stopPropagation();
      close();
    }
  };

  return (
    <div className="h-8 w-20 shrink-0 max-sm:h-10 max-sm:w-auto max-sm:min-w-24 max-sm:flex-1">
      <search
        aria-label="Filter"
        className={cx(
          draft === null
            ? 'h-full'
            : 'absolute inset-x-3 top-1 z-40 mx-auto max-w-[900px] rounded-[7px] border border-line bg-surface p-2 shadow-float sm:inset-x-6',
        )}
        onBlur={(event) => {
          const stays = event.currentTarget.contains(event.relatedTarget);
          if (!stays && draft !== null && draft.text === opening) setDraft(null);
        }}
      >
        <div className="relative flex h-full gap-2">
          <Filter
            aria-hidden="true"
            className="pointer-events-none absolute top-1/2 left-2 size-3.5 -translate-y-1/2 text-muted"
          />
          <input
            ref={input}
            id={FIELD}
            role="combobox"
            aria-label="Filter"
            aria-expanded={draft !== null && suggestions.length > 0}
            aria-controls={suggestions.length > 0 ? `${FIELD}-list` : undefined}
            aria-activedescendant={active >= 0 ? `${FIELD}-list-${active}` : undefined}
            aria-autocomplete="list"
            aria-invalid={shownError !== null}
            aria-describedby={
              draft === null ? undefined : shownError === null ? `${FIELD}-help` : `${FIELD}-problem`
            }
            placeholder={draft === null ? 'Filter' : 'type = CDN and port in (443, 8000-8100)'}
            value={draft?.text ?? ''}
            onFocus={open}
            onChange={(event) =>
              typed(event.target.value, event.target.selectionStart ?? event.target.value.length)
            }
            onSelect={(event) => {
              const offset = event.currentTarget.selectionStart ?? 0;
              if (draft !== null && caret.current === null && offset !== draft.offset)
                setDraft({ ...draft, offset, active: null });
            }}
            onKeyDown={key}
            spellCheck={false}
            autoComplete="off"
            autoCapitalize="off"
            className={cx(
              'h-full min-w-0 flex-1 rounded-[5px] border bg-surface pr-2 pl-7 placeholder:text-muted',
              draft === null
                ? 'cursor-pointer border-line hover:border-line-strong'
                : 'h-8! border-line-strong bg-page font-mono text-axis max-sm:h-10!',
              shownError !== null && 'border-fall',
            )}
          />
          {draft === null ? null : (
            <>
              <Button look="primary" onClick={apply} className="max-sm:h-10">
                Apply
              </Button>
              <Button
                look="quiet"
                onClick={close}
                aria-label="Leave the filter as it was"
                className="max-sm:h-10"
              >
                <X aria-hidden="true" className="size-4" />
              </Button>
            </>
          )}
        </div>
        {draft === null ? null : (
          <>
            {/* Spoken as it comes up. */}
            <div role="status">
              {shownError === null ? null : (
                <FilterProblem id={`${FIELD}-problem`} text={readable} error={shownError} />
              )}
            </div>
            <SuggestionList
              id={`${FIELD}-list`}
              label="What can be written next"
              suggestions={suggestions}
              active={active}
              onActive={(i) => setDraft({ ...draft, active: i })}
              onChoose={choose}
            />
            <p id={`${FIELD}-help`} className="border-t border-line px-2 pt-1.5 text-axis text-muted">
              and, or, not, parentheses · <span className="font-mono">in (a, b)</span> for alternatives ·{' '}
              <span className="font-mono">~</span> for names · Enter takes what is marked, or applies; Escape
              leaves · shares: of the newest 30 days at most, of addresses one day
            </p>
          </>
        )}
      </search>
    </div>
  );
}

/** What is there, and the word that goes on from it. */
function openingText(filters: Filters): string {
  const printed = printFilters(filters);
  if (printed === '') return '';
  return `${filters.length === 1 && filters[0]?.kind === 'any' ? `(${printed})` : printed} and `;
}

/** The field opens with "and" behind what is there: nobody has to take it away again. */
function withoutOpenEnd(text: string): string {
  return text.replace(/(^|\s|\))and\s*$/i, '$1');
}
