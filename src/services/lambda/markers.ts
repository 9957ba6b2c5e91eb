// Markers of lists: the key to go on behind, sealed so that only one of ours is taken.

import { utf8Decode, utf8Encode } from '#base/bytes.ts';
import type { Turn } from '#cell/turn.ts';
import { type Refused, refuse } from '#model/aws-error.ts';
import { scopePrefix } from '#model/scope.ts';
import { base64Decode, base64Encode } from '#wire/base64.ts';
import { invalidParameter } from './errors.ts';

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
