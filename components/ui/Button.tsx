import type { ComponentProps } from 'react';
import { cx } from './cx';

/** How buttons, triggers and links that look like buttons are drawn; one height in the whole house. */
export const buttonClass =
  'inline-flex h-8 shrink-0 cursor-pointer items-center justify-center gap-1.5 rounded-[5px] border border-line bg-surface px-2.5 whitespace-nowrap text-text select-none hover:border-line-strong hover:bg-[color-mix(in_oklab,var(--surface),var(--text)_4%)] disabled:cursor-default disabled:opacity-45 data-popup-open:border-accent aria-expanded:border-accent';

export const quietButtonClass =
  'inline-flex size-8 shrink-0 cursor-pointer items-center justify-center rounded-[5px] text-muted select-none hover:bg-hover hover:text-text data-popup-open:bg-hover data-popup-open:text-text disabled:cursor-default disabled:opacity-45';

export const primaryButtonClass =
  'inline-flex h-8 shrink-0 cursor-pointer items-center justify-center gap-1.5 rounded-[5px] border border-transparent bg-accent px-3 font-medium whitespace-nowrap text-on-accent select-none hover:brightness-110 disabled:cursor-default disabled:opacity-45';

type Looks = 'plain' | 'quiet' | 'primary';
const classes: Record<Looks, string> = {
  plain: buttonClass,
  quiet: quietButtonClass,
  primary: primaryButtonClass,
};

export function Button({ look = 'plain', className, ...props }: ComponentProps<'button'> & { look?: Looks }) {
  return <button type="button" className={cx(classes[look], className)} {...props} />;
}
