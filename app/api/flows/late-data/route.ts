import { lateData } from '@/lib/flows/contracts/lateData';
import { answerLateData } from '@/lib/server/queries/lateData';
import { question } from '@/lib/server/route';

export const GET = question(lateData, answerLateData, { permission: 'data.read' });
