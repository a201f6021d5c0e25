import { unclassifiedSources } from '@/lib/flows/contracts/unclassifiedSources';
import { answerUnclassifiedSources } from '@/lib/server/queries/unclassifiedSources';
import { question } from '@/lib/server/route';

export const GET = question(unclassifiedSources, answerUnclassifiedSources, { permission: 'data.read' });
