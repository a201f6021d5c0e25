import { getProgress } from '@/lib/server/progressRoute';

export const GET = getProgress;
