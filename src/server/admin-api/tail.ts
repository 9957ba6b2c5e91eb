// `/_eddy/tail`: stories as server-sent events, one JSON object each. `?resource=` keeps those in which the text occurs.

import type { Tail } from '../tail.ts';
import type { AdminRoute } from './router.ts';

export function tailRoute({ tail }: { readonly tail: Tail }): AdminRoute {
  return {
    methods: ['GET'],
    handle({ exchange, query }) {
      const headers: [string, string][] = [
        ['Content-Type', 'text/event-stream; charset=utf-8'],
        ['Cache-Control', 'no-store'],
      ];
      const stream = exchange.stream({ status: 200, headers });
      stream.write(': listening\n\n');
      exchange.onAbort(tail.listen(stream, query.get('resource') ?? undefined));
      return undefined;
    },
  };
}
