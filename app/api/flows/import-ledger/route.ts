import { importLedger } from '@/lib/flows/contracts/importLedger';
import { answerImportLedger } from '@/lib/server/queries/importLedger';
import { question } from '@/lib/server/route';

export const GET = question(importLedger, answerImportLedger, { permission: 'data.read' });
