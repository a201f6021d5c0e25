'use client';

import { type KeyboardEvent, useId, useState } from 'react';
import type { Term } from '@/lib/flows/filter/filter';
import { isTerm } from '@/lib/flows/filter/filter';
import { parseFilters } from '@/lib/flows/filter/parseFilter';
import { valuesOf } from '@/lib/flows/filter/printFilter';
import { type Suggestion, suggestionsFor } from '@/lib/flows/filter/suggestions';
import { wordOf } from '@/lib/flows/filter/words';
import type { Scope } from '@/lib/flows/scope';
import { useFilterValues } from '@/lib/hooks/useFilterValues';
import { SuggestionList } from './SuggestionList';

/** One more value of a term, completed with what was seen; what nobody has seen can be typed too, as `8000-8100`. */
export function ValueField(props: { scope: Scope; term: Term; onAdd: (term: Term) => void }) {
  const { term } = props;
  const { dimension } = term;
  const id = useId();
  const [typed, setTyped] = useState('');
  const [active, setActive] = useState(-1);
  const [problem, setProblem] = useState<string | null>(null);
  const seen = useFilterValues(props.scope, dimension, typed);
  const isText = term.kind === 'text';
  const suggestions = suggestionsFor(
    {
      expected: [{ kind: 'value', dimension, exclude: term.exclude, isText, taken: valuesOf(term) }],
      typed,
      from: 0,
      to: typed.length,
    },
    seen,
  );
  const shown = Math.min(active < 0 && typed !== '' ? 0 : active, suggestions.length - 1);

  const add = (text: string) => {
    const read = parseFilters(`${wordOf(dimension)} ${isText ? '~' : 'in'} (${text})`);
    if ('error' in read) {
      setProblem(read.error.message);
      return;
    }
    const [only] = read.filters;
    if (only !== undefined && isTerm(only)) props.onAdd(only);
    setTyped('');
    setActive(-1);
    setProblem(null);
  };
  const choose = (suggestion: Suggestion) => add(suggestion.text);
  const key = (event: KeyboardEvent) => {
    const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0;
    if (step !== 0) {
      event.preventDefault();
      setActive(Math.max(-1, Math.min(suggestions.length - 1, shown + step)));
    } else if (event.key === 'Enter') {
      event.preventDefault();
      const chosen = suggestions[shown];
      if (chosen) choose(chosen);
      else if (typed.trim() !== '') add(typed);
    } else if (event.key === 'Escape' && typed !== '') {
      // First what was typed goes, then the editor.
      event.preventDefault();
      event.stopPropagation();
      setTyped('');
      setProblem(null);
    }
  };

  return (
    <div>
      <input
        role="combobox"
        aria-label="Add a value"
        aria-expanded={suggestions.length > 0}
        aria-controls={suggestions.length > 0 ? id : undefined}
        aria-activedescendant={shown >= 0 ? `${id}-${shown}` : undefined}
        aria-autocomplete="list"
        aria-invalid={problem !== null}
        aria-describedby={`${id}-problem`}
        placeholder="Add a value"
        value={typed}
        onChange={(event) => {
          setTyped(event.target.value);
          setActive(-1);
          setProblem(null);
        }}
        onKeyDown={key}
        spellCheck={false}
        autoComplete="off"
        className="h-8 w-full rounded-[5px] border border-line-strong bg-page px-2 placeholder:text-muted max-sm:h-10"
      />
      <p id={`${id}-problem`} role="status" className="text-axis text-fall">
        {problem}
      </p>
      <SuggestionList
        id={id}
        label="Values seen in the scope"
        suggestions={suggestions.slice(0, 8)}
        active={shown}
        onActive={setActive}
        onChoose={choose}
      />
    </div>
  );
}
