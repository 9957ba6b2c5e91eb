// What the thread of digests is asked, and what it answers.

import { BodyDigests, type Digests, type WantedDigests } from './body-digests.ts';

export type DigestRequest =
  | { readonly id: number; readonly begin: WantedDigests }
  | { readonly id: number; readonly piece: Uint8Array }
  | { readonly id: number; readonly finish: true }
  | { readonly id: number; readonly drop: true };

export type DigestReply =
  | { readonly id: number; readonly taken: true }
  | { readonly id: number; readonly digests: Digests };

export function digest(
  running: Map<number, BodyDigests>,
  request: DigestRequest,
  answer: (reply: DigestReply) => void,
): void {
  const { id } = request;
  if ('begin' in request) {
    running.set(id, new BodyDigests(request.begin));
    return;
  }
  const digests = running.get(id);
  if ('piece' in request) {
    digests?.update(request.piece);
    answer({ id, taken: true });
    return;
  }
  running.delete(id);
  if ('finish' in request && digests !== undefined) answer({ id, digests: digests.finish() });
}
