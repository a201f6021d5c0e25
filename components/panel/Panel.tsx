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
  aside?: ReactNode;
  controls?: ReactNode;
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
      <header className="mb-2 flex flex-wrap items-start gap-x-4 gap-y-2">
        <div className="min-w-0 flex-1 basis-72">
          <h2 id={props.id} className="text-panel font-semibold">
            {props.title}
          </h2>
          <p className="min-h-4 text-axis text-muted">{props.subtitle}</p>
        </div>
        <div className="flex flex-wrap items-center gap-2">
          {props.controls}
          {props.aside}
        </div>
      </header>
      {props.children}
    </section>
  );
}
