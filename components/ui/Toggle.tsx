import type { ReactNode } from 'react';
import { buttonClass } from './Button';
import { cx } from './cx';

/** On or off. Where it cannot be had it stays in reach and says why. */
export function Toggle(props: {
  pressed: boolean;
  onChange: (pressed: boolean) => void;
  title: string;
  /** why it cannot be had now; null = it can */
  why?: string | null;
  children: ReactNode;
}) {
  const why = props.why ?? null;
  return (
    <button
      type="button"
      aria-pressed={props.pressed && why === null}
      aria-disabled={why !== null}
      aria-description={why ?? undefined}
      title={why ?? props.title}
      onClick={() => why === null && props.onChange(!props.pressed)}
      className={cx(
        buttonClass,
        'aria-disabled:cursor-default aria-disabled:opacity-45',
        'aria-pressed:border-accent aria-pressed:bg-accent-soft aria-pressed:font-medium aria-pressed:text-accent',
      )}
    >
      {props.children}
    </button>
  );
}
