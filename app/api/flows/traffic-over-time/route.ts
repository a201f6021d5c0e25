import { trafficOverTime } from '@/lib/flows/contracts/trafficOverTime';
import { answerTrafficOverTime } from '@/lib/server/queries/trafficOverTime';
import { question } from '@/lib/server/route';

export const GET = question(trafficOverTime, answerTrafficOverTime, { keep: true });
