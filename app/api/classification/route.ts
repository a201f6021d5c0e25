import { decideRoute, decisionsRoute } from '@/lib/server/classificationRoutes';

export const GET = decisionsRoute;
export const POST = decideRoute;
