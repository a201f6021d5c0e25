import { headline } from '@/lib/flows/contracts/headline';
import { answerHeadline } from '@/lib/server/queries/headline';
import { question } from '@/lib/server/route';

export const GET = question(headline, answerHeadline, { keep: true });
