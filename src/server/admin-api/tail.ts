// `/_eddy/tail`: stories as server-sent events, one JSON object each. `?resource=` keeps those in which the text occurs, or the
// name of the queue whose ARN or URL it is: stories call queues by their names.

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
      exchange.onAbort(tail.listen(stream, aboutResource(query.get('resource') ?? '')));
      return undefined;
    },
  };
}

const QUEUE_ARN = /^arn:[\w-]+:sqs:[\w-]*:\d{12}:([\w-]+(?:\.fifo)?)$/;
const QUEUE_URL = /^https?:\/\/.*\/\d{12}\/([\w-]+(?:\.fifo)?)\/?$/;

export function aboutResource(resource: string): (story: string) => boolean {
  const name = (QUEUE_ARN.exec(resource) ?? QUEUE_URL.exec(resource))?.[1];
  if (name === undefined) return (story) => story.includes(resource);
  const named = new RegExp(`(?<![\\w-])${name.replace('.', '\\.')}(?![\\w-]|\\.fifo)`);
  return (story) => named.test(story);
}
