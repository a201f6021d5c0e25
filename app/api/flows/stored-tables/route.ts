import { storedTables } from '@/lib/flows/contracts/storedTables';
import { answerStoredTables } from '@/lib/server/queries/storedTables';
import { question } from '@/lib/server/route';

export const GET = question(storedTables, answerStoredTables, { permission: 'data.read' });
