import { Menu as Base } from '@base-ui/react/menu';
import type { ReactNode } from 'react';
import { cx } from './cx';
import { popupClass } from './Popover';

const itemClass =
  'flex min-h-8 cursor-pointer items-center gap-2 rounded-[4px] px-2 py-1 outline-none select-none data-disabled:cursor-default data-disabled:opacity-45 data-highlighted:bg-hover';

/** A trigger and a list of actions below it. */
export function Menu(props: {
  trigger: ReactNode;
  triggerClass: string;
  triggerLabel?: string;
  align?: 'start' | 'center' | 'end';
  side?: 'bottom' | 'top' | 'right';
  children: ReactNode;
}) {
  return (
    <Base.Root>
      <Base.Trigger className={props.triggerClass} aria-label={props.triggerLabel}>
        {props.trigger}
      </Base.Trigger>
      <Base.Portal>
        <Base.Positioner
          sideOffset={6}
          side={props.side ?? 'bottom'}
          align={props.align ?? 'end'}
          collisionPadding={8}
          className="z-40"
        >
          <Base.Popup className={cx(popupClass, 'min-w-44 p-1')}>{props.children}</Base.Popup>
        </Base.Positioner>
      </Base.Portal>
    </Base.Root>
  );
}

export function MenuItem(props: {
  icon?: ReactNode;
  onClick: () => void;
  disabled?: boolean;
  /** a second, smaller line: what follows from it, or why it cannot be had */
  note?: string | undefined;
  keepOpen?: boolean;
  children: ReactNode;
}) {
  return (
    <Base.Item
      className={itemClass}
      onClick={props.onClick}
      disabled={props.disabled ?? false}
      closeOnClick={!props.keepOpen}
    >
      {props.icon ? <span className="text-muted [&>svg]:size-4">{props.icon}</span> : null}
      {props.note === undefined ? (
        props.children
      ) : (
        <span className="max-w-72">
          {props.children}
          <span className="block text-[11px] leading-4 text-muted">{props.note}</span>
        </span>
      )}
    </Base.Item>
  );
}

/** One of several, the chosen one marked. */
export function MenuChoice<Value extends string>(props: {
  label: string;
  value: Value;
  options: readonly { value: Value; label: string; icon?: ReactNode }[];
  onChange: (value: Value) => void;
}) {
  return (
    <Base.RadioGroup value={props.value} onValueChange={(value: Value) => props.onChange(value)}>
      <Base.Group>
        <Base.GroupLabel className="px-2 pt-1 pb-0.5 text-axis text-muted">{props.label}</Base.GroupLabel>
        {props.options.map((option) => (
          <Base.RadioItem key={option.value} value={option.value} className={itemClass} closeOnClick>
            <span className="flex size-4 items-center justify-center text-accent">
              <Base.RadioItemIndicator>
                <span className="block size-1.5 rounded-full bg-current" />
              </Base.RadioItemIndicator>
            </span>
            {option.icon ? <span className="text-muted [&>svg]:size-4">{option.icon}</span> : null}
            {option.label}
          </Base.RadioItem>
        ))}
      </Base.Group>
    </Base.RadioGroup>
  );
}

export function MenuSeparator() {
  return <Base.Separator className="mx-1 my-1 h-px bg-line" />;
}
