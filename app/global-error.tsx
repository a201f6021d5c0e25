'use client';

import { useEffect } from 'react';
import { buttonClass } from '@/components/ui/Button';
import './globals.css';

/**
 * In place of the whole document, when not even what every page stands in could be made. Nothing of the layout is there: the theme is read
 * where the choice of it is kept. Every page loads this along, so it is small, and its fonts are the system's.
 */
export default function GlobalError() {
  useEffect(() => {
    document.documentElement.dataset.theme = chosenTheme();
  }, []);
  return (
    <html lang="en-US">
      <body>
        <title>Weir could not be shown</title>
        <main
          role="alert"
          className="flex min-h-dvh flex-col items-center justify-center gap-4 px-4 text-center"
        >
          <h1 className="text-title font-semibold tracking-tight">Weir could not be shown</h1>
          <p className="text-muted">Try again. If it stays, the server's log has the cause.</p>
          <button type="button" className={buttonClass} onClick={() => window.location.reload()}>
            Try again
          </button>
        </main>
      </body>
    </html>
  );
}

/** As next-themes keeps it; the system's where nothing was chosen or storage is closed. */
function chosenTheme(): string {
  try {
    const chosen = localStorage.getItem('theme') ?? 'system';
    if (chosen !== 'system') return chosen;
  } catch {
    // As if nothing was chosen.
  }
  return window.matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light';
}
