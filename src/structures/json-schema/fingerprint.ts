// A number for the structure of a JSON value: equal for values of which the same shape is inferred, different (but for one chance in 2^50) for others.
// It tells a known kind of event from a new one without inferring anything: no allocation but for arrays with elements of several kinds.
//
// Keys are mixed in without regard to their order, elements of an array as a set: neither the order of members nor the length of a list makes
// another structure.

import { isDateTime } from './formats.ts';
import { isWholeNumber } from './shape.ts';

const NULL = 0x1b873593;
const BOOLEAN = 0x2c1b3c6d;
const INTEGER = 0x3243f6a8;
const NUMBER = 0x45d9f3b1;
const TEXT = 0x517cc1b7;
const DATE_TIME = 0x61c88647;
const ARRAY = 0x7feb352d;
const OBJECT = 0x846ca68b;

/** Undefined when the value is nested deeper than `levels`. */
export function structureFingerprint(value: unknown, levels: number): number | undefined {
  if (value === null) return NULL;
  switch (typeof value) {
    case 'boolean':
      return BOOLEAN;
    case 'number':
      return isWholeNumber(value) ? INTEGER : NUMBER;
    case 'string':
      return isDateTime(value) ? DATE_TIME : TEXT;
    default:
      if (levels < 1) return undefined;
      return Array.isArray(value) ? ofArray(value as unknown[], levels) : ofObject(value as object, levels);
  }
}

/** A text as a number, for what must be told apart by its value. */
export function textFingerprint(text: string): number {
  let low = 0x811c9dc5;
  let high = text.length;
  for (let i = 0; i < text.length; i += 1) {
    const code = text.charCodeAt(i);
    low = Math.imul(low ^ code, 0x01000193);
    high = Math.imul(high ^ code, 0x5bd1e995) + low;
  }
  return joined(low, high);
}

/** One number of two, which depends on which is first. */
export function mixed(one: number, other: number): number {
  const low = Math.imul(lowOf(one) ^ 0x9e3779b9, 0x85ebca6b) ^ lowOf(other);
  const high = Math.imul(highOf(one) ^ lowOf(other), 0xc2b2ae35) ^ highOf(other);
  return joined(Math.imul(low ^ (low >>> 15), 0x2c1b3c6d), Math.imul(high ^ (high >>> 13), 0x297a2d39) ^ low);
}

function ofObject(value: object, levels: number): number | undefined {
  let sum = OBJECT;
  const record = value as Readonly<Record<string, unknown>>;
  for (const key of Object.keys(record)) {
    const inner = structureFingerprint(record[key], levels - 1);
    if (inner === undefined) return undefined;
    sum = added(sum, mixed(textFingerprint(key), inner));
  }
  return mixed(OBJECT, sum);
}

function ofArray(elements: readonly unknown[], levels: number): number | undefined {
  let sum = ARRAY;
  let first: number | undefined;
  let others: Set<number> | undefined;
  for (const element of elements) {
    const inner = structureFingerprint(element, levels - 1);
    if (inner === undefined) return undefined;
    if (inner === first || others?.has(inner) === true) continue;
    if (first === undefined) first = inner;
    else {
      others ??= new Set();
      others.add(inner);
    }
    sum = added(sum, inner);
  }
  return mixed(ARRAY, sum);
}

/** 32 and 20 bits in one number that is exact. */
function joined(low: number, high: number): number {
  return (high & 0xfffff) * 0x1_0000_0000 + (low >>> 0);
}

function lowOf(value: number): number {
  return (value % 0x1_0000_0000) | 0;
}

function highOf(value: number): number {
  return Math.floor(value / 0x1_0000_0000) | 0;
}

function added(one: number, other: number): number {
  return (one + other) % 0x10_0000_0000_0000;
}
