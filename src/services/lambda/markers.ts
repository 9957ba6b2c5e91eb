// Pages of lists: how long they are, and markers: the key to go on behind, sealed so that only one of ours is taken.

import { base64Decode, base64Encode } from '#base/base64.ts';
import { utf8Decode, utf8Encode } from '#base/bytes.ts';
import type { Turn } from '#cell/turn.ts';
import { type Refused, refuse } from '#model/aws-error.ts';
import { scopePrefix } from '#model/scope.ts';
import { Validation } from '#model/validation.ts';
import { invalidParameter, validationFailed } from './errors.ts';
import { LIST_MAX } from './limits.ts';

function sealOf(turn: Turn, list: string, key: string): string {
  return turn.digest.hmacSha256Hex(turn.secret, `lambda-marker/${list}/${scopePrefix(turn.scope)}/${key}`).slice(0, 24);
}

export function nextMarker(turn: Turn, list: string, lastKey: string | undefined): { NextMarker?: string } {
  if (lastKey === undefined) return {};
  return { NextMarker: base64Encode(utf8Encode(`${sealOf(turn, list, lastKey)}${lastKey}`)) };
}

export function readMarker(turn: Turn, list: string, marker: string | undefined): string | undefined | Refused {
  if (marker === undefined || marker === '') return undefined;
  const bytes = base64Decode(marker);
  const text = bytes === undefined ? '' : utf8Decode(bytes);
  const key = text.slice(24);
  return text.slice(0, 24) === sealOf(turn, list, key) ? key : refuse(invalidParameter('The marker is invalid.'));
}

/** How many items a page has. AWS takes larger numbers than it gives items. */
export function readPageLength(maxItems: number | undefined, max = 10_000): { readonly length: number } | Refused {
  const problem = new Validation().range('maxItems', maxItems, { min: 1, max }).text;
  return problem === undefined
    ? { length: Math.min(maxItems ?? LIST_MAX, LIST_MAX) }
    : refuse(validationFailed(problem));
}
