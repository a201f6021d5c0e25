import type { Metadata, Viewport } from 'next';
import type { ReactNode } from 'react';
import { Providers } from '@/components/shell/Providers';
import { mono, sans } from './fonts';
import './globals.css';

export const metadata: Metadata = {
  title: { default: 'Weir', template: '%s · Weir' },
  description: 'What kinds of network we exchange traffic with, where, how heavily, and how that changes.',
};

export const viewport: Viewport = {
  themeColor: [
    { media: '(prefers-color-scheme: light)', color: '#fbfbfa' },
    { media: '(prefers-color-scheme: dark)', color: '#0f1214' },
  ],
};

export default function RootLayout({ children }: { children: ReactNode }) {
  return (
    // The theme is written onto this element before hydration.
    <html lang="en-US" suppressHydrationWarning className={`${sans.variable} ${mono.variable}`}>
      <body>
        <Providers>{children}</Providers>
      </body>
    </html>
  );
}
