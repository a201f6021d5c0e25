'use client';

import { ArrowLeft, ArrowRight, ChevronDown, Plus, X } from 'lucide-react';
import { buttonClass } from '@/components/ui/Button';
import { cx } from '@/components/ui/cx';
import { Menu, MenuItem, MenuSeparator } from '@/components/ui/Menu';
import { DIMENSION_LABEL, DIMENSIONS, type Dimension } from '@/lib/flows/dimensions';
import { reasonFor } from '@/lib/flows/exploreControls';
import { MOST_DIMENSIONS, type SeriesMeasure } from '@/lib/flows/exploreLimits';
import type { Filters } from '@/lib/flows/filter/filter';

/** What the answer is split by, in order: each can be changed, moved and taken away, up to three. */
export function DimensionChips(props: {
  measure: SeriesMeasure;
  by: readonly Dimension[];
  filters: Filters;
  onChange: (by: readonly Dimension[]) => void;
}) {
  const { by, onChange } = props;
  const moved = (from: number, to: number): Dimension[] => {
    const next = [...by];
    const [taken] = next.splice(from, 1);
    if (taken !== undefined) next.splice(to, 0, taken);
    return next;
  };
  return (
    <div className="flex flex-wrap items-center gap-1">
      <span className="mr-1 text-muted">by</span>
      {by.map((dimension, i) => (
        <div key={dimension} className="flex">
          <Menu
            align="start"
            triggerClass={cx(buttonClass, 'rounded-r-none!')}
            triggerLabel={`Dimension ${i + 1}: ${DIMENSION_LABEL[dimension]}`}
            trigger={
              <>
                {DIMENSION_LABEL[dimension]}
                <ChevronDown aria-hidden="true" className="size-3.5 text-muted" />
              </>
            }
          >
            {i > 0 ? (
              <MenuItem icon={<ArrowLeft />} onClick={() => onChange(moved(i, i - 1))}>
                Move to the left
              </MenuItem>
            ) : null}
            {i < by.length - 1 ? (
              <MenuItem icon={<ArrowRight />} onClick={() => onChange(moved(i, i + 1))}>
                Move to the right
              </MenuItem>
            ) : null}
            {by.length > 1 ? <MenuSeparator /> : null}
            <Choices {...props} make={(next) => by.with(i, next)} />
          </Menu>
          <button
            type="button"
            aria-label={`Remove the dimension ${DIMENSION_LABEL[dimension]}`}
            title="Remove"
            onClick={() => onChange(by.filter((each) => each !== dimension))}
            className={cx(buttonClass, '-ml-px rounded-l-none! px-1.5!')}
          >
            <X aria-hidden="true" className="size-3.5 text-muted" />
          </button>
        </div>
      ))}
      {by.length < MOST_DIMENSIONS ? (
        <Menu
          align="start"
          triggerClass={cx(buttonClass, 'px-2!')}
          triggerLabel="Add a dimension"
          trigger={
            <>
              <Plus aria-hidden="true" className="size-3.5 text-muted" />
              {by.length === 0 ? 'Add a dimension' : null}
            </>
          }
        >
          <Choices {...props} make={(next) => [...by, next]} />
        </Menu>
      ) : null}
    </div>
  );
}

/** Every dimension that is not there yet, with what choosing it would mean. */
function Choices(props: {
  measure: SeriesMeasure;
  by: readonly Dimension[];
  filters: Filters;
  make: (dimension: Dimension) => readonly Dimension[];
  onChange: (by: readonly Dimension[]) => void;
}) {
  return (
    <div className="max-h-[min(420px,var(--available-height))] overflow-y-auto">
      {DIMENSIONS.filter((dimension) => !props.by.includes(dimension)).map((dimension) => {
        const by = props.make(dimension);
        const reason = reasonFor(props.measure, by, props.filters);
        return (
          <MenuItem
            key={dimension}
            disabled={reason?.isRefused ?? false}
            note={reason?.why}
            onClick={() => props.onChange(by)}
          >
            {DIMENSION_LABEL[dimension]}
          </MenuItem>
        );
      })}
    </div>
  );
}
