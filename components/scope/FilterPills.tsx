'use client';

import { Ban, X } from 'lucide-react';
import { useState } from 'react';
import { Popover } from '@/components/ui/Popover';
import { describeTerm } from '@/lib/flows/filter/describe';
import { withoutTerm, withTerm } from '@/lib/flows/filter/edit';
import { type Expression, type Filters, isTerm, type Term } from '@/lib/flows/filter/filter';
import { normalTerm } from '@/lib/flows/filter/normalForm';
import { printExpression } from '@/lib/flows/filter/printFilter';
import type { Scope } from '@/lib/flows/scope';
import { TermEditor } from './TermEditor';

/** What the scope is narrowed to: a click on a pill opens its editor, its cross takes it away. */
export function FilterPills(props: { scope: Scope; onChange: (filters: Filters) => void }) {
  const { filters } = props.scope;
  /** the pill whose editor is open; -1 = none */
  const [openAt, setOpenAt] = useState(-1);
  const change = (i: number, changed: Term) => {
    const next = withTerm(filters, i, changed);
    // Filters are sorted: the pill may have moved, or become one with another.
    const wanted = printExpression(normalTerm(changed));
    setOpenAt(next.findIndex((each) => printExpression(each) === wanted));
    props.onChange(next);
  };
  const keys = keysFor(filters);
  return filters.map((expression, i) => (
    <FilterPill
      key={keys[i]}
      scope={props.scope}
      expression={expression}
      open={openAt === i}
      onOpenChange={(open) => setOpenAt(open ? i : -1)}
      onChange={(changed) => change(i, changed)}
      onRemove={() => {
        setOpenAt(-1);
        props.onChange(withoutTerm(filters, i));
      }}
    />
  ));
}

/** What a pill is about, and which of those about it: its editor stays open while its values change. */
function keysFor(filters: Filters): string[] {
  const seen = new Map<string, number>();
  return filters.map((expression) => {
    const about = isTerm(expression) ? expression.dimension : expression.kind;
    const count = (seen.get(about) ?? 0) + 1;
    seen.set(about, count);
    return `${about} ${count}`;
  });
}

function FilterPill(props: {
  scope: Scope;
  expression: Expression;
  open: boolean;
  onOpenChange: (open: boolean) => void;
  onChange: (changed: Term) => void;
  onRemove: () => void;
}) {
  const { expression, open } = props;
  const text = printExpression(expression);
  const face = (
    <span className="min-w-0 truncate">
      {isTerm(expression) ? (
        <TermFace {...describeTerm(expression)} />
      ) : (
        <span className="font-mono text-axis">{text}</span>
      )}
    </span>
  );
  const faceClass =
    'flex h-full min-w-0 cursor-pointer items-center gap-1.5 rounded-l-[5px] pl-2.5 hover:brightness-110';
  return (
    <div className="inline-flex h-8 max-w-full min-w-0 items-center rounded-[5px] bg-accent-soft text-accent max-sm:h-10 max-sm:max-w-[80%] max-sm:shrink-0 sm:max-w-[420px]">
      {isTerm(expression) ? (
        <Popover
          open={open}
          onOpenChange={props.onOpenChange}
          title={`Filter by ${expression.dimension}`}
          triggerLabel={`Edit the filter ${text}`}
          triggerClass={faceClass}
          trigger={face}
          className="w-[340px] max-w-full"
        >
          <TermEditor
            scope={props.scope}
            term={expression}
            onChange={(changed) => (changed === null ? props.onRemove() : props.onChange(changed))}
          />
        </Popover>
      ) : (
        <button
          type="button"
          className={faceClass}
          aria-label={`Edit the filter ${text} as text`}
          title={text}
          onClick={() => document.getElementById('filter-text')?.focus()}
        >
          {face}
        </button>
      )}
      <button
        type="button"
        onClick={props.onRemove}
        aria-label={`Remove the filter ${text}`}
        className="flex h-full shrink-0 cursor-pointer items-center rounded-r-[5px] px-1.5 hover:brightness-110 max-sm:px-3"
      >
        <X aria-hidden="true" className="size-3.5" />
      </button>
    </div>
  );
}

/** More alternatives are counted, not listed. */
const MOST_SHOWN = 3;

function TermFace({ about, exclude, values }: ReturnType<typeof describeTerm>) {
  const more = values.length - MOST_SHOWN;
  return (
    <span title={values.join(', ')}>
      <span className="opacity-80">{about}</span>{' '}
      {exclude ? (
        <>
          <Ban aria-hidden="true" className="mb-0.5 inline size-3" /> not{' '}
        </>
      ) : null}
      <span className="font-medium">{values.slice(0, MOST_SHOWN).join(', ')}</span>
      {more > 0 ? ` and ${more} more` : null}
    </span>
  );
}
