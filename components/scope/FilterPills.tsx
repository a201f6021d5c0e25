'use client';

import { X } from 'lucide-react';
import type { Filters } from '@/lib/flows/scope';

const NAMES = { region: 'Region', type: 'Type', ip: 'IP' } as const;
const KEYS = ['region', 'type', 'ip'] as const;

/** What the scope is narrowed to; each pill takes its filter away again. */
export function FilterPills(props: { filters: Filters; onChange: (filters: Filters) => void }) {
  return KEYS.map((key) => {
    const filter = props.filters[key];
    if (!filter) return null;
    const values = filter.values.map((value) => (key === 'ip' ? `IPv${value}` : value)).join(', ');
    const remove = () => {
      const rest = { ...props.filters };
      delete rest[key];
      props.onChange(rest);
    };
    return (
      <button
        key={key}
        type="button"
        onClick={remove}
        aria-label={`Remove the filter ${NAMES[key]} ${filter.exclude ? 'without' : 'is'} ${values}`}
        className="inline-flex h-8 max-w-full cursor-pointer items-center gap-1.5 rounded-[5px] bg-accent-soft px-2.5 text-accent hover:brightness-110"
      >
        <span className="truncate">
          <span className="opacity-80">{NAMES[key]}</span> {filter.exclude ? 'not ' : ''}
          <span className="font-medium">{values}</span>
        </span>
        <X aria-hidden="true" className="size-3.5 shrink-0" />
      </button>
    );
  });
}
