'use client';

import { LogOut, Monitor, Moon, Sun } from 'lucide-react';
import { useTheme } from 'next-themes';
import { useEffect, useState } from 'react';
import { Menu, MenuChoice, MenuItem, MenuSeparator } from '@/components/ui/Menu';

const THEMES = [
  { value: 'system', label: 'As the system', icon: <Monitor /> },
  { value: 'light', label: 'Light', icon: <Sun /> },
  { value: 'dark', label: 'Dark', icon: <Moon /> },
] as const;

/** Who is signed in, the theme, and the way out. */
export function PersonMenu({ name, role }: { name: string; role: string }) {
  const { theme, setTheme } = useTheme();
  // The chosen theme is known in the browser only.
  const [mounted, setMounted] = useState(false);
  useEffect(() => setMounted(true), []);
  const initials = name
    .split(/\s+/)
    .map((part) => part.charAt(0))
    .join('')
    .slice(0, 2)
    .toUpperCase();
  return (
    <Menu
      side="top"
      align="start"
      triggerLabel={`${name}, ${role}: theme and sign-out`}
      triggerClass="flex h-10 w-full cursor-pointer items-center gap-2.5 rounded-[5px] px-1.5 text-left select-none hover:bg-hover data-popup-open:bg-hover max-sm:w-auto"
      trigger={
        <>
          <span className="flex size-7 shrink-0 items-center justify-center rounded-full border border-line-strong text-[11px] font-medium text-muted">
            {initials}
          </span>
          <span className="hidden min-w-0 flex-col rail:flex">
            <span className="truncate leading-4">{name}</span>
            <span className="text-axis leading-4 text-muted">{role}</span>
          </span>
        </>
      }
    >
      <MenuChoice
        label="Theme"
        value={mounted && (theme === 'light' || theme === 'dark') ? theme : 'system'}
        options={THEMES}
        onChange={setTheme}
      />
      <MenuSeparator />
      <MenuItem icon={<LogOut />} onClick={() => void signOut()}>
        Sign out
      </MenuItem>
    </Menu>
  );
}

/** next-auth's own form, posted without its client library: it is needed for nothing else on these pages. */
async function signOut(): Promise<void> {
  const answer: unknown = await fetch('/api/auth/csrf').then((response) => response.json());
  const token =
    typeof answer === 'object' && answer !== null && 'csrfToken' in answer ? String(answer.csrfToken) : '';
  await fetch('/api/auth/signout', {
    method: 'POST',
    body: new URLSearchParams({ csrfToken: token, json: 'true' }),
  });
  window.location.assign('/login');
}
