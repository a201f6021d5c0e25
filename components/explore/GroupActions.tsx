'use client';

import { EllipsisVertical, Eye, EyeOff, Filter, FilterX } from 'lucide-react';
import { useEffect, useRef } from 'react';
import { Menu, MenuItem, MenuSeparator } from '@/components/ui/Menu';
import { popupClass } from '@/components/ui/Popover';

/** What can be done with one group in the scope. Null: Other and everything are no groups that a filter can name. */
export interface FilterActions {
  readonly only: (() => void) | null;
  readonly exclude: (() => void) | null;
}

/** What can be done with one group. */
export interface Actions extends FilterActions {
  /** null: what is not divided into groups has nothing to hide */
  readonly toggle: (() => void) | null;
  readonly alone: (() => void) | null;
  readonly isHidden: boolean;
}

const NO_FILTER = 'Other has no name that a filter could ask for';

/** The menu of a row. */
export function GroupMenu({ label, actions }: { label: string; actions: Actions }) {
  return (
    <Menu
      trigger={<EllipsisVertical aria-hidden="true" className="size-3.5" />}
      triggerClass="flex size-6 cursor-pointer items-center justify-center rounded-[4px] text-muted hover:bg-hover hover:text-text data-popup-open:bg-hover"
      triggerLabel={`${label}: filter and hide`}
    >
      <MenuItem
        icon={<Filter />}
        onClick={() => actions.only?.()}
        disabled={actions.only === null}
        note={actions.only === null ? NO_FILTER : undefined}
      >
        Only this
      </MenuItem>
      <MenuItem icon={<FilterX />} onClick={() => actions.exclude?.()} disabled={actions.exclude === null}>
        Exclude
      </MenuItem>
      {actions.toggle === null ? null : (
        <>
          <MenuSeparator />
          <MenuItem icon={actions.isHidden ? <Eye /> : <EyeOff />} onClick={actions.toggle}>
            {actions.isHidden ? 'Show in the picture' : 'Hide in the picture'}
          </MenuItem>
          <MenuItem icon={<Eye />} onClick={() => actions.alone?.()}>
            Show alone in the picture
          </MenuItem>
        </>
      )}
    </Menu>
  );
}

/** The same beside a mark that was clicked. Escape or a click elsewhere closes it. */
export function MarkMenu(props: {
  label: string;
  actions: Actions;
  /** pixels in the chart's box */
  x: number;
  y: number;
  onClose: () => void;
}) {
  const { actions, onClose } = props;
  const box = useRef<HTMLDivElement>(null);
  const before = useRef<Element | null>(null);
  useEffect(() => {
    before.current ??= document.activeElement;
    box.current?.querySelector('button')?.focus();
  }, []);
  const item = (words: string, icon: React.ReactNode, act: (() => void) | null) =>
    act === null ? null : (
      <button
        type="button"
        onClick={() => {
          onClose();
          act();
        }}
        className="flex min-h-8 w-full cursor-pointer items-center gap-2 rounded-[4px] px-2 py-1 text-left hover:bg-hover [&>svg]:size-4 [&>svg]:text-muted"
      >
        {icon}
        {words}
      </button>
    );
  return (
    <div
      ref={box}
      role="dialog"
      aria-label={`${props.label}: filter and hide`}
      className={`${popupClass} absolute z-20 w-48 p-1`}
      style={{ left: `max(0px, min(${props.x}px, 100% - 192px))`, top: props.y }}
      onKeyDown={(event) => {
        if (event.key !== 'Escape') return;
        event.stopPropagation();
        if (before.current instanceof HTMLElement) before.current.focus({ preventScroll: true });
        onClose();
      }}
      onBlur={(event) => {
        if (!event.currentTarget.contains(event.relatedTarget)) onClose();
      }}
    >
      <div className="truncate px-2 pt-1 pb-0.5 text-axis text-muted" title={props.label}>
        {props.label}
      </div>
      {item('Only this', <Filter aria-hidden="true" />, actions.only)}
      {item('Exclude', <FilterX aria-hidden="true" />, actions.exclude)}
      {item(
        actions.isHidden ? 'Show in the picture' : 'Hide in the picture',
        actions.isHidden ? <Eye aria-hidden="true" /> : <EyeOff aria-hidden="true" />,
        actions.toggle,
      )}
      {item('Show alone in the picture', <Eye aria-hidden="true" />, actions.alone)}
    </div>
  );
}
