import type { Metadata } from 'next';
import { Suspense } from 'react';
import { DataPage } from '@/components/data/DataPage';

export const metadata: Metadata = { title: 'Data' };

export default function Data() {
  return (
    <Suspense>
      <DataPage />
    </Suspense>
  );
}
