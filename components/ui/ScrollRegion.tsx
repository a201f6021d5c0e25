import type { CSSProperties, ReactNode } from 'react';
import { cx } from './cx';

/**
 * What is wider or higher than its place and scrolls in itself; an edge that fades has more behind it. A person without a mouse scrolls it with the arrow keys, so it takes the
 * focus (axe: scrollable-region-focusable). `relative` keeps what only screen readers see inside: placed against the page, it would make the
 * page scroll sideways.
 */
export function ScrollRegion(props: {
  label: string;
  className?: string;
  style?: CSSProperties | undefined;
  children: ReactNode;
}) {
  return (
    <section
      aria-label={props.label}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: the rule knows no regions that scroll; axe demands the focus here
      tabIndex={0}
      className={cx('faded relative isolate overflow-auto', props.className)}
      style={props.style}
    >
      {props.children}
    </section>
  );
}
