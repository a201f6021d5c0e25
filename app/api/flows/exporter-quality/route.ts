import { exporterQuality } from '@/lib/flows/contracts/exporterQuality';
import { answerExporterQuality } from '@/lib/server/queries/exporterQuality';
import { question } from '@/lib/server/route';

export const GET = question(exporterQuality, answerExporterQuality, { permission: 'data.read' });
