import { previewRoute } from '@/lib/server/classificationRoutes';

export const GET = previewRoute;
