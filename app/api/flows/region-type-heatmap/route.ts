import { regionTypeHeatmap } from '@/lib/flows/contracts/regionTypeHeatmap';
import { answerRegionTypeHeatmap } from '@/lib/server/queries/regionTypeHeatmap';
import { question } from '@/lib/server/route';

export const GET = question(regionTypeHeatmap, answerRegionTypeHeatmap, { keep: true });
