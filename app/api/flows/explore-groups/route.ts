import { exploreGroups } from '@/lib/flows/contracts/exploreGroups';
import { answerExploreGroups } from '@/lib/server/queries/exploreGroups';
import { question } from '@/lib/server/route';

export const GET = question(exploreGroups, answerExploreGroups, { keep: true });
