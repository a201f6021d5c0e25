'use client';

import { X } from 'lucide-react';
import { withoutTerm } from '@/lib/flows/filter/edit';
import type { Filters } from '@/lib/flows/filter/filter';
import { printExpression } from '@/lib/flows/filter/printFilter';

/** What the scope is narrowed to; each pill takes its part away again. */
export function FilterPills(props: { filters: Filters; onChange: (filters: Filters) => void }) {
  return props.filters.map((expression, i) => {
    const text = printExpression(expression);
    return (
      <button
        key={text}
        type="button"
        onClick={() => props.onChange(withoutTerm(props.filters, i))}
        aria-label={`Remove the filter ${text}`}
        className="inline-flex h-8 max-w-full cursor-pointer items-center gap-1.5 rounded-[5px] bg-accent-soft px-2.5 text-accent hover:brightness-110"
      >
        <span className="truncate">{text}</span>
        <X aria-hidden="true" className="size-3.5 shrink-0" />
      </button>
    );
  });
}
