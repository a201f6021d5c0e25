import { filterValues } from '@/lib/flows/contracts/filterValues';
import { answerFilterValues } from '@/lib/server/queries/filterValues';
import { question } from '@/lib/server/route';

export const GET = question(filterValues, answerFilterValues);
