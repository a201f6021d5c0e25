import { handleIngest } from '@/lib/server/ingest/http/ingestRequests';
import { tokenRoute } from '@/lib/server/tokenRoute';

export const POST = tokenRoute({ name: 'ingest', scope: 'ingest', handle: handleIngest });
