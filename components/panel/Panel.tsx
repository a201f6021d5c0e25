import type { ReactNode } from 'react';
import { ProgressLine } from '@/components/ui/ProgressLine';

/**
 * One question and its answer: the question as title, what exactly is shown below it, and at the right who answered and
 * what can be done with the answer. Panels are separated by one hairline and space.
 */
export function Panel(props: {
  id: string;
  title: string;
  subtitle: ReactNode;
  /** who answered; left of everything that must not move when it comes; null = it stands elsewhere */
  about: ReactNode;
  controls: ReactNode;
  menu: ReactNode;
  busy: boolean;
  children: ReactNode;
}) {
  return (
    <section
      aria-labelledby={props.id}
      aria-busy={props.busy}
      className="relative mt-5 border-t border-line pt-3"
    >
      <ProgressLine active={props.busy} />
      <header className="mb-2 flex flex-wrap items-start gap-x-2 gap-y-2">
        <div className={`min-w-0 flex-1 ${props.about === null ? '' : 'basis-60'}`}>
          <h2 id={props.id} className="text-panel font-semibold">
            {props.title}
          </h2>
          {/* On a telephone of two lines, however long the width of its bucket is in words. */}
          <p className="min-h-4 text-axis text-muted max-sm:min-h-8">{props.subtitle}</p>
        </div>
        <div className="relative order-3 flex flex-wrap items-center gap-2 max-sm:basis-full sm:order-2">
          {/* Its room is kept, so that nothing moves when it comes. */}
          {props.about === null ? null : (
            <div className="flex min-h-7 items-center max-sm:basis-full sm:w-[290px] sm:justify-end">
              {props.about}
            </div>
          )}
          {props.controls}
        </div>
        <div className="order-2 flex items-center sm:order-3">{props.menu}</div>
      </header>
      {props.children}
    </section>
  );
}
