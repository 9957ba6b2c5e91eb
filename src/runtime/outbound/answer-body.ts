// Reads the body of an answer up to a limit, decompressed. A body that is longer is cut there and the connection given up: neither endless
// bodies nor small ones that inflate take more memory than the limit.

import type { IncomingMessage } from 'node:http';
import type { Readable } from 'node:stream';
import { createGunzip, createInflate } from 'node:zlib';
import { OutboundFailure } from './failures.ts';

export interface ReadBody {
  readonly body: Uint8Array;
  readonly isBodyCut: boolean;
}

export function readBody(answer: IncomingMessage, bytesMax: number): Promise<ReadBody> {
  return new Promise((resolve, reject) => {
    const pieces: Uint8Array[] = [];
    let length = 0;
    let isOver = false;
    const end = (isBodyCut: boolean): void => {
      isOver = true;
      resolve({ body: Buffer.concat(pieces), isBodyCut });
      // A cut body is not wanted any more; a complete one has nothing left to read.
      answer.destroy();
    };
    const source = decoded(answer, reject);
    source.on('data', (piece: Uint8Array) => {
      if (isOver) return;
      const taken = piece.subarray(0, bytesMax - length);
      pieces.push(taken);
      length += taken.length;
      if (taken.length < piece.length) end(true);
    });
    source.on('end', () => end(false));
    source.on('error', reject);
    answer.on('error', reject);
    answer.on('aborted', () =>
      reject(new OutboundFailure('connection', 'the connection was closed within the answer')),
    );
  });
}

function decoded(answer: IncomingMessage, onError: (error: Error) => void): Readable {
  const encoding = answer.headers['content-encoding']?.trim().toLowerCase() ?? 'identity';
  if (encoding === 'identity' || encoding === '' || hasNoBody(answer)) return answer;
  if (encoding === 'gzip' || encoding === 'x-gzip') return answer.pipe(createGunzip());
  if (encoding === 'deflate') return answer.pipe(createInflate());
  onError(new OutboundFailure('answer', 'the answer has an encoding that was not asked for'));
  return answer;
}

/** RFC 9110, 6.4.1. */
function hasNoBody(answer: IncomingMessage & { readonly req?: { readonly method: string } }): boolean {
  const { statusCode, headers, req } = answer;
  return statusCode === 204 || statusCode === 304 || headers['content-length'] === '0' || req?.method === 'HEAD';
}
