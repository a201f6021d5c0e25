import type { Metadata } from 'next';
import { Classification } from '@/components/classification/Classification';
import { can } from '@/lib/auth/permissions';
import { currentPrincipal } from '@/lib/server/auth/principal';

export const metadata: Metadata = { title: 'Classification' };

export default async function ClassificationPage() {
  const principal = await currentPrincipal();
  return <Classification mayDecide={principal !== null && can(principal.role, 'reference.write')} />;
}
