import { dataStatus } from '@/lib/flows/contracts/dataStatus';
import { answerDataStatus } from '@/lib/server/queries/dataStatus';
import { question } from '@/lib/server/route';

export const GET = question(dataStatus, answerDataStatus);
