'use client';

import { Search } from 'lucide-react';
import { usePathname, useRouter, useSearchParams } from 'next/navigation';
import { useTheme } from 'next-themes';
import { lazy, Suspense, useState } from 'react';
import { PAGES } from './pages';
import { keyName, type ShortcutId } from './shortcuts';
import { useIsMac } from './useIsMac';
import { useShortcuts } from './useShortcuts';

// Most pages are read without them.
const Palette = lazy(() => import('./palette/Palette').then(({ Palette }) => ({ default: Palette })));
const ShortcutHelp = lazy(() =>
  import('./ShortcutHelp').then(({ ShortcutHelp }) => ({ default: ShortcutHelp })),
);

/** What keys do on every page, and the button for those who have none: palette, help, pages and theme. */
export function Keyboard() {
  const router = useRouter();
  const path = usePathname();
  const search = useSearchParams().toString();
  const { resolvedTheme, setTheme } = useTheme();
  const [open, setOpen] = useState<'palette' | 'help' | null>(null);
  // What was opened once stays, so that it can close in its own time.
  const [wanted, setWanted] = useState({ palette: false, help: false });
  const isMac = useIsMac();
  const show = (what: 'palette' | 'help') => {
    setWanted((before) => ({ ...before, [what]: true }));
    setOpen(what);
  };
  const find = () => (open === 'palette' ? setOpen(null) : show('palette'));
  const help = () => show('help');
  const pages = Object.fromEntries(
    PAGES.map(({ href }): [ShortcutId, () => void] => [
      `go ${href}`,
      () => {
        // The scope goes along from page to page.
        if (href !== path) router.push(search === '' ? href : `${href}?${search}`);
      },
    ]),
  );
  useShortcuts({
    ...pages,
    find,
    help,
    theme: () => setTheme(resolvedTheme === 'dark' ? 'light' : 'dark'),
  });
  const close = (isOpen: boolean) => setOpen((before) => (isOpen ? before : null));
  return (
    <>
      <button
        type="button"
        onClick={find}
        title={`Find a page, range, network or address ${keyName('Mod+k', isMac)}`}
        className="flex h-9 cursor-pointer items-center gap-2.5 rounded-[5px] px-2.5 text-muted select-none hover:bg-hover hover:text-text"
      >
        <Search aria-hidden="true" className="size-[18px] shrink-0" />
        <span className="flex-1 text-left sm:sr-only rail:not-sr-only max-sm:sr-only">Find</span>
        <span aria-hidden="true" className="hidden text-axis rail:inline">
          {keyName('Mod+k', isMac)}
        </span>
      </button>
      {wanted.help ? (
        <Suspense>
          <ShortcutHelp open={open === 'help'} onOpenChange={close} isMac={isMac} />
        </Suspense>
      ) : null}
      {wanted.palette ? (
        <Suspense>
          <Palette open={open === 'palette'} onOpenChange={close} onHelp={help} />
        </Suspense>
      ) : null}
    </>
  );
}
