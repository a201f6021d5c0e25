import { rejectedRecords } from '@/lib/flows/contracts/rejectedRecords';
import { answerRejectedRecords } from '@/lib/server/queries/rejectedRecords';
import { question } from '@/lib/server/route';

export const GET = question(rejectedRecords, answerRejectedRecords, { permission: 'rejected.read' });
