// A field that a pattern names and an event has not: what stands there instead, under which nearly equal key it is, or
// where else in the event. Also, where the values of a path stand, written so that people find them.

import { holdsJson } from './hints.ts';
import type { Leaf } from './leaf.ts';
import { isObject, type JsonObject, LEVELS_MAX } from './parsed-event.ts';

export interface Place {
  /** `items[1].count`. */
  readonly place: string;
  readonly value: Leaf;
}

/** As many values as are looked at, and as many objects when a field is looked for elsewhere. */
const LOOK_MAX = 1_000;
const DEEPER_MAX = 4;

export function placesOf(event: unknown, path: string): readonly Place[] {
  const places: Place[] = [];
  collect(event, { path, place: '', level: 0 }, places);
  return places;
}

interface Way {
  /** What is left; undefined at the value. */
  readonly path: string | undefined;
  readonly place: string;
  readonly level: number;
}

function collect(value: unknown, way: Way, places: Place[]): void {
  const level = way.level + 1;
  if (level > LEVELS_MAX || places.length >= LOOK_MAX) return;
  if (Array.isArray(value)) {
    for (const [index, element] of value.entries()) {
      collect(element, { path: way.path, place: `${way.place}[${index}]`, level }, places);
    }
  } else if (isObject(value)) {
    for (const { key, rest } of childrenOf(value, way.path)) {
      collect(value[key], { path: rest, place: joined(way.place, key), level }, places);
    }
  } else if (way.path === undefined) places.push({ place: way.place, value: value as Leaf });
}

/** Keys of the object that a path can go through, with what is left of it behind each. Shortest first. */
function childrenOf(object: JsonObject, path: string | undefined): { key: string; rest: string | undefined }[] {
  if (path === undefined) return [];
  if (!path.includes('.')) return Object.hasOwn(object, path) ? [{ key: path, rest: undefined }] : [];
  const keys = Object.keys(object).filter((key) => path.startsWith(key) && (path[key.length] ?? '.') === '.');
  return keys
    .sort((a, b) => a.length - b.length)
    .map((key) => ({ key, rest: key.length === path.length ? undefined : path.slice(key.length + 1) }));
}

function joined(place: string, key: string): string {
  return place === '' ? key : `${place}.${key}`;
}

export function hintOfMissing(event: unknown, path: string): string | undefined {
  return hintOfStep(event, { path, place: '', level: 0 }) ?? hintOfElsewhere(event, path);
}

/** Follows the path as far as it goes and looks what is there instead. */
function hintOfStep(value: unknown, way: Way): string | undefined {
  const level = way.level + 1;
  if (level > LEVELS_MAX) return `only ${LEVELS_MAX} levels are looked at`;
  if (Array.isArray(value)) {
    const element: unknown = value.find(isObject) ?? value[0];
    return value.length === 0 ? 'the array is empty' : hintOfStep(element, { ...way, level });
  }
  const { path } = way;
  if (!isObject(value)) return path === undefined ? undefined : hintOfPlain(value as Leaf, path, way.place);
  if (path === undefined) return 'there is an object; a pattern compares only strings, numbers, booleans and null';
  const [child] = childrenOf(value, path);
  if (child === undefined) return hintOfKeys(value, path);
  return hintOfStep(value[child.key], { path: child.rest, place: joined(way.place, child.key), level });
}

function hintOfPlain(value: Leaf, path: string, place: string): string {
  if (typeof value === 'string' && holdsJson(value)) return `"${place}" is a string that holds JSON, not an object`;
  return `there is ${value === null ? 'null' : `a ${typeof value}`} where "${path}" would begin`;
}

function hintOfKeys(object: JsonObject, path: string): string | undefined {
  const [step] = path.split('.') as [string];
  const keys = Object.keys(object);
  const otherCase = keys.find((key) => key.toLowerCase() === step.toLowerCase());
  if (otherCase !== undefined) return `there is "${otherCase}"; keys have upper and lower case`;
  const similar = keys.find((key) => bare(key) === bare(step));
  if (similar !== undefined) return `there is "${similar}"; keys are compared letter by letter`;
  const deeper = keys.find((key) => {
    const child = object[key];
    return isObject(child) && childrenOf(child, path).length > 0;
  });
  return deeper === undefined ? undefined : `it is inside "${deeper}"`;
}

/** Without what is easily confused: `detail-type`, `detailType`, `detail_type`, ` detail-type`. */
function bare(key: string): string {
  return key.toLowerCase().replace(/[-_\s]/g, '');
}

/** Level by level: a value under the path's last key. */
function hintOfElsewhere(event: unknown, path: string): string | undefined {
  const last = path.slice(path.lastIndexOf('.') + 1);
  let objects = isObject(event) ? [{ object: event, place: '' }] : [];
  let looked = 0;
  for (let depth = 0; depth <= DEEPER_MAX && objects.length > 0; depth += 1) {
    const next: typeof objects = [];
    for (const { object, place } of objects) {
      looked += 1;
      if (looked > LOOK_MAX) return undefined;
      if (Object.hasOwn(object, last) && !isObject(object[last])) return `there is "${joined(place, last)}"`;
      for (const [key, child] of Object.entries(object)) {
        if (isObject(child)) next.push({ object: child, place: joined(place, key) });
      }
    }
    objects = next;
  }
  return undefined;
}
