import localFont from 'next/font/local';

/**
 * The faces of everything. Until they have come, text stands in a face of the system that is stretched to the same widths
 * (fallbackFonts.css), so that nothing moves when they do. Next's own stretching measures a variable font at one weight only and comes out
 * 3.5 % too wide for the weight of most text.
 */
export const sans = localFont({
  src: '../node_modules/geist/dist/fonts/geist-sans/Geist-Variable.woff2',
  variable: '--font-geist-sans',
  weight: '100 900',
  adjustFontFallback: false,
  fallback: ['Geist by Arial', 'Geist by DejaVu Sans', 'ui-sans-serif', 'system-ui', 'sans-serif'],
});

/** All letters of it are 0.6 em wide, and so they are in the faces that systems have (0.60 em). */
export const mono = localFont({
  src: '../node_modules/geist/dist/fonts/geist-mono/GeistMono-Variable.woff2',
  variable: '--font-geist-mono',
  weight: '100 900',
  adjustFontFallback: false,
  fallback: ['Menlo', 'Liberation Mono', 'DejaVu Sans Mono', 'Courier New', 'ui-monospace', 'monospace'],
});
