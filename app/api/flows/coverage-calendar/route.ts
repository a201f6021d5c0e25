import { coverageCalendar } from '@/lib/flows/contracts/coverageCalendar';
import { answerCoverageCalendar } from '@/lib/server/queries/coverageCalendar';
import { question } from '@/lib/server/route';

export const GET = question(coverageCalendar, answerCoverageCalendar, { permission: 'data.read' });
