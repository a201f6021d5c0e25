'use client';

import Link from 'next/link';
import { usePathname, useSearchParams } from 'next/navigation';
import { type ReactNode, useState } from 'react';
import { Mark } from './Mark';
import { PAGES } from './pages';

/** The left rail: names where there is room, icons alone under 1100 px, and on a telephone a bar of them on top. */
export function Rail({ find, person }: { find: ReactNode; person: ReactNode }) {
  const path = usePathname();
  const search = useSearchParams().toString();
  return (
    <nav
      aria-label="Main"
      // Its line runs down the whole page, its entries stay in sight.
      className="shrink-0 border-line max-sm:border-b sm:w-14 sm:border-r rail:w-[184px]"
    >
      <div className="flex max-sm:h-12 max-sm:items-center max-sm:gap-2 max-sm:px-2 sm:sticky sm:top-0 sm:h-dvh sm:flex-col sm:p-2">
        <div className="flex items-center gap-2.5 px-2 sm:h-9 rail:px-2">
          <Mark className="size-6 shrink-0" />
          <span className="text-panel font-semibold tracking-tight hidden rail:block">Weir</span>
        </div>
        <ul className="flex min-w-0 flex-1 gap-1 max-sm:gap-0 sm:mt-3 sm:flex-col">
          {PAGES.filter(({ inRail }) => inRail).map((entry) => {
            const here = path === entry.href || (entry.href !== '/' && path.startsWith(`${entry.href}/`));
            return (
              <li key={entry.href}>
                <RailLink
                  // The scope goes along from page to page.
                  href={search === '' ? entry.href : `${entry.href}?${search}`}
                  here={here}
                  label={entry.label}
                  icon={entry.icon}
                />
              </li>
            );
          })}
        </ul>
        {/* As large as both from the beginning: a page that is painted while it comes in may have the first of them alone. */}
        <div className="flex shrink-0 justify-start max-sm:h-10 max-sm:w-[78px] max-sm:items-center sm:h-[76px] sm:flex-col">
          {find}
          {person}
        </div>
      </div>
    </nav>
  );
}

/** Its page is asked ahead when somebody comes near: with the page that is opened, all of them together would delay its own answers. */
function RailLink(props: { href: string; here: boolean; label: string; icon: ReactNode }) {
  const [isNear, setIsNear] = useState(false);
  const near = () => setIsNear(true);
  return (
    <Link
      href={props.href}
      prefetch={isNear ? null : false}
      onPointerEnter={near}
      onFocus={near}
      aria-current={props.here ? 'page' : undefined}
      title={props.label}
      className={`flex h-9 items-center gap-2.5 rounded-[5px] px-2.5 select-none [&>svg]:size-[18px] [&>svg]:shrink-0 ${
        props.here ? 'bg-accent-soft font-medium text-accent' : 'text-muted hover:bg-hover hover:text-text'
      }`}
    >
      {props.icon}
      <span className="sr-only rail:not-sr-only">{props.label}</span>
    </Link>
  );
}
