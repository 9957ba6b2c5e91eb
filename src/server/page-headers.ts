// CORS: the headers that let a page of another origin read an answer, of requests that are no bucket's (`objects/bucket-cors.ts`).

import type { WireRequest, WireResponse } from '#wire/http-message.ts';
import type { Headers } from './objects/bucket-cors.ts';

export function corsHeaders(origin: string): Headers {
  return [
    ['Access-Control-Allow-Origin', origin],
    ['Access-Control-Expose-Headers', 'x-amzn-RequestId, x-amzn-ErrorType, Date'],
    ['Vary', 'Origin'],
  ];
}

export function preflightAnswer({ headers }: WireRequest, origin: string): WireResponse {
  return {
    status: 204,
    headers: [
      ['Access-Control-Allow-Origin', origin],
      ['Access-Control-Allow-Methods', 'GET, HEAD, POST, PUT, DELETE, PATCH'],
      ['Access-Control-Allow-Headers', headers['access-control-request-headers'] ?? '*'],
      ['Access-Control-Max-Age', '600'],
      ['Vary', 'Origin'],
    ],
    body: '',
  };
}

export function withCors(response: WireResponse, cors: Headers | undefined): WireResponse {
  return cors === undefined ? response : { ...response, headers: [...response.headers, ...cors] };
}
