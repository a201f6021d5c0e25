'use client';

import { useEffect } from 'react';

/** Goes to the sign-in page and remembers where it was; the server does not know the path of a layout. */
export function SessionEnded() {
  useEffect(goToLogin, []);
  return <p className="p-6 text-muted">Your session has ended. Going to the sign-in page…</p>;
}

export function goToLogin(): void {
  const here = window.location.pathname + window.location.search;
  window.location.replace(here === '/' ? '/login' : `/login?callbackUrl=${encodeURIComponent(here)}`);
}
