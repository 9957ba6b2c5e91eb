// The performer by which the cell's services send HTTP requests.

import { HTTP_REQUEST, type HttpRequest } from '#cell/http-request.ts';
import type { Performer } from '#cell/ports.ts';
import type { HttpClient } from './http-client.ts';

export function outboundPerformers(client: HttpClient): ReadonlyMap<string, Performer> {
  return new Map<string, Performer>([[HTTP_REQUEST, ({ input }) => client.send(input as HttpRequest)]]);
}
