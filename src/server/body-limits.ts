// How long a request's body may be. Code of functions travels inside its request; nothing else comes near the HTTP server's own limit.

import type { HeadView } from '#runtime/http/http-context.ts';
import { HTTP_LIMITS } from '#runtime/http/limits.ts';

/** AWS: "Request must be smaller than 70167211 bytes for the CreateFunction operation": 50 MB in base64, and what is around it. */
const UPLOAD_BYTES_MAX = 70_167_211;
const UPLOADS = /^\/2015-03-31\/functions\/?$|^\/2015-03-31\/functions\/[^/]+\/code$/;

export function bodyBytesMaxOf({ path }: Pick<HeadView, 'path'>): number {
  return UPLOADS.test(path) ? UPLOAD_BYTES_MAX : HTTP_LIMITS.bodyBytesMax;
}
