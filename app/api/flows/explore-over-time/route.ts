import { exploreOverTime } from '@/lib/flows/contracts/exploreOverTime';
import { answerExploreOverTime } from '@/lib/server/queries/exploreOverTime';
import { question } from '@/lib/server/route';

export const GET = question(exploreOverTime, answerExploreOverTime, { keep: true });
