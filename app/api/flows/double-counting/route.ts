import { doubleCounting } from '@/lib/flows/contracts/doubleCounting';
import { answerDoubleCounting } from '@/lib/server/queries/doubleCounting';
import { question } from '@/lib/server/route';

export const GET = question(doubleCounting, answerDoubleCounting, { permission: 'data.read' });
