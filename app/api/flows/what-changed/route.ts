import { whatChanged } from '@/lib/flows/contracts/whatChanged';
import { answerWhatChanged, BASELINE_SECONDS } from '@/lib/server/queries/whatChanged';
import { question } from '@/lib/server/route';

export const GET = question(whatChanged, answerWhatChanged, { keep: true, readsBefore: BASELINE_SECONDS });
