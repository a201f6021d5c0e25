import { Dialog as Base } from '@base-ui/react/dialog';
import { X } from 'lucide-react';
import type { ReactNode, RefObject } from 'react';
import { quietButtonClass } from './Button';
import { cx } from './cx';

/** A dialog over the page, near its top. Escape and a click beside it close it; the focus goes back to where it was. */
export function Overlay(props: {
  open: boolean;
  onOpenChange: (open: boolean) => void;
  title: string;
  /** the title is read out only */
  bare?: boolean;
  className?: string;
  initialFocus?: RefObject<HTMLElement | null>;
  children: ReactNode;
}) {
  return (
    <Base.Root open={props.open} onOpenChange={props.onOpenChange}>
      <Base.Portal>
        <Base.Backdrop
          data-backdrop=""
          className="fixed inset-0 z-50 bg-[color-mix(in_srgb,black_var(--shade),transparent)] transition-opacity duration-100 data-ending-style:opacity-0 data-starting-style:opacity-0"
        />
        <Base.Viewport className="fixed inset-0 z-50 flex items-start justify-center overflow-hidden px-2 pt-[10vh] pb-2">
          <Base.Popup
            {...(props.initialFocus ? { initialFocus: props.initialFocus } : {})}
            className={cx(
              'flex max-h-[80vh] w-full flex-col overflow-hidden rounded-[9px] border border-line bg-surface text-text shadow-float outline-none transition-opacity duration-100 data-ending-style:opacity-0 data-starting-style:opacity-0',
              props.className,
            )}
          >
            {props.bare ? (
              <Base.Title className="sr-only">{props.title}</Base.Title>
            ) : (
              <div className="flex items-center justify-between border-b border-line py-2 pr-2 pl-4">
                <Base.Title className="text-panel font-semibold">{props.title}</Base.Title>
                <Base.Close className={quietButtonClass} aria-label="Close">
                  <X aria-hidden="true" className="size-4" />
                </Base.Close>
              </div>
            )}
            {props.children}
          </Base.Popup>
        </Base.Viewport>
      </Base.Portal>
    </Base.Root>
  );
}
