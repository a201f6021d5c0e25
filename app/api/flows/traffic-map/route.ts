import { trafficMap } from '@/lib/flows/contracts/trafficMap';
import { answerTrafficMap } from '@/lib/server/queries/trafficMap';
import { question } from '@/lib/server/route';

export const GET = question(trafficMap, answerTrafficMap, { keep: true });
