import { Popover as Base } from '@base-ui/react/popover';
import type { ReactNode } from 'react';
import { cx } from './cx';

export const popupClass =
  'rounded-[7px] border border-line bg-surface text-text shadow-float outline-none transition-opacity duration-100 data-ending-style:opacity-0 data-starting-style:opacity-0';

/** A trigger and what floats below it. `content` gets a function that closes it. */
export function Popover(props: {
  trigger: ReactNode;
  triggerClass: string;
  triggerLabel?: string;
  title: string;
  align?: 'start' | 'center' | 'end';
  className?: string;
  open: boolean;
  onOpenChange: (open: boolean) => void;
  children: ReactNode;
}) {
  return (
    <Base.Root open={props.open} onOpenChange={props.onOpenChange}>
      <Base.Trigger className={props.triggerClass} aria-label={props.triggerLabel}>
        {props.trigger}
      </Base.Trigger>
      <Base.Portal>
        <Base.Positioner
          sideOffset={6}
          align={props.align ?? 'start'}
          collisionPadding={8}
          className="z-40 max-w-(--available-width)"
        >
          <Base.Popup className={cx(popupClass, props.className)}>
            <Base.Title className="sr-only">{props.title}</Base.Title>
            {props.children}
          </Base.Popup>
        </Base.Positioner>
      </Base.Portal>
    </Base.Root>
  );
}
