'use client';

import { X } from 'lucide-react';
import { Segmented } from '@/components/ui/Segmented';
import { alternativesOf, describeTerm } from '@/lib/flows/filter/describe';
import { without } from '@/lib/flows/filter/edit';
import type { Term } from '@/lib/flows/filter/filter';
import { joinedTerms } from '@/lib/flows/filter/normalForm';
import { printTerm } from '@/lib/flows/filter/printFilter';
import type { Scope } from '@/lib/flows/scope';
import { ValueField } from './ValueField';

const WAYS = [
  { value: 'include', label: 'Only these', title: 'Show what has one of these values' },
  { value: 'exclude', label: 'All but these', title: 'Leave out what has one of these values' },
] as const;

/** One term of the filter: keep or leave out, its values one by one, and more of them. */
export function TermEditor(props: {
  scope: Scope;
  term: Term;
  /** null = its last value was taken away */
  onChange: (term: Term | null) => void;
}) {
  const { term, onChange } = props;
  const { about } = describeTerm(term);
  const add = (more: Term) => {
    const joined = joinedTerms(term, { ...more, exclude: term.exclude });
    if (joined !== null) onChange(joined);
  };
  return (
    <div className="flex flex-col gap-2 p-3">
      <div className="flex items-center justify-between gap-3">
        <span className="font-medium">{about}</span>
        <Segmented
          label="Keep or leave out"
          value={term.exclude ? 'exclude' : 'include'}
          options={WAYS}
          onChange={(way) => onChange({ ...term, exclude: way === 'exclude' })}
        />
      </div>
      <ul className="max-h-48 overflow-y-auto">
        {alternativesOf(term).map((each) => {
          const [words = ''] = describeTerm(each).values;
          return (
            <li key={printTerm(each)} className="flex h-7 items-center justify-between gap-2 max-sm:h-9">
              <span className="min-w-0 truncate">{words}</span>
              <button
                type="button"
                aria-label={`Remove ${words}`}
                onClick={() => onChange(without(term, each)[0] ?? null)}
                className="flex size-7 shrink-0 cursor-pointer items-center justify-center rounded-[5px] text-muted hover:bg-hover hover:text-text max-sm:size-9"
              >
                <X aria-hidden="true" className="size-3.5" />
              </button>
            </li>
          );
        })}
      </ul>
      <ValueField scope={props.scope} term={term} onAdd={add} />
    </div>
  );
}
