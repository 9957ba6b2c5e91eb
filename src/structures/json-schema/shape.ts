// What JSON values look like: the shape of one value, and the shape of all values that were seen. Shapes form a lattice: merging is commutative,
// associative and idempotent, and whatever a shape was made from still fits it after any merge. Plain JSON with one way to write each
// shape down, so that two shapes are the same exactly when their texts are.
//
// No record is keyed by a property's name: names come from strangers, and `__proto__` is one of them.

import { isDateTime } from './formats.ts';

/** Every member that is there is one kind of value that was seen; an empty shape is one of which nothing is known. */
export interface Shape {
  readonly isNull?: true;
  readonly isBoolean?: true;
  readonly number?: 'integer' | 'number';
  readonly string?: 'plain' | 'date-time';
  /** The shape of all elements of all arrays; empty when none had any. */
  readonly elements?: Shape;
  /** In the order of their names. */
  readonly properties?: readonly ShapeProperty[];
}

export interface ShapeProperty {
  readonly name: string;
  /** It was there in every object. */
  readonly isRequired: boolean;
  readonly shape: Shape;
}

export const NOTHING: Shape = {};

/** Values nested deeper than {@link isDeeperThan} was asked about must not get here. */
export function inferShape(value: unknown): Shape {
  if (value === null || value === undefined) return { isNull: true };
  if (typeof value === 'boolean') return { isBoolean: true };
  if (typeof value === 'number') return { number: isWholeNumber(value) ? 'integer' : 'number' };
  if (typeof value === 'string') return { string: isDateTime(value) ? 'date-time' : 'plain' };
  if (Array.isArray(value)) {
    let elements = NOTHING;
    for (const element of value as unknown[]) elements = mergeShapes(elements, inferShape(element));
    return { elements };
  }
  const properties = Object.entries(value as object).map(([name, inner]) => ({
    name,
    isRequired: true,
    shape: inferShape(inner),
  }));
  return { properties: properties.sort(byName) };
}

/** What fits either of the two. */
export function mergeShapes(one: Shape, other: Shape): Shape {
  if (one === NOTHING) return other;
  if (other === NOTHING) return one;
  const number = one.number === 'number' || other.number === 'number' ? 'number' : (one.number ?? other.number);
  const string = one.string === 'plain' || other.string === 'plain' ? 'plain' : (one.string ?? other.string);
  const elements = mergePart(one.elements, other.elements, mergeShapes);
  const properties = mergePart(one.properties, other.properties, mergeProperties);
  return {
    ...(one.isNull === true || other.isNull === true ? { isNull: true as const } : {}),
    ...(one.isBoolean === true || other.isBoolean === true ? { isBoolean: true as const } : {}),
    ...(number === undefined ? {} : { number }),
    ...(string === undefined ? {} : { string }),
    ...(elements === undefined ? {} : { elements }),
    ...(properties === undefined ? {} : { properties }),
  };
}

export function isSameShape(one: Shape, other: Shape): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}

/** Levels are arrays and objects, one in the other. */
export function isDeeperThan(value: unknown, levels: number): boolean {
  if (typeof value !== 'object' || value === null) return false;
  if (levels < 1) return true;
  for (const inner of Object.values(value)) if (isDeeperThan(inner, levels - 1)) return true;
  return false;
}

/** Beyond 64 bits a number of JSON is no integer of any language's. */
const INTEGER_MAX = 2 ** 63;

export function isWholeNumber(value: number): boolean {
  return Number.isInteger(value) && Math.abs(value) < INTEGER_MAX;
}

function mergePart<T>(one: T | undefined, other: T | undefined, merge: (one: T, other: T) => T): T | undefined {
  if (one === undefined || other === undefined) return one ?? other;
  return merge(one, other);
}

function mergeProperties(one: readonly ShapeProperty[], other: readonly ShapeProperty[]): readonly ShapeProperty[] {
  const others = new Map(other.map((property) => [property.name, property]));
  const merged: ShapeProperty[] = [];
  for (const property of one) {
    const second = others.get(property.name);
    others.delete(property.name);
    merged.push(
      second === undefined
        ? { ...property, isRequired: false }
        : {
            name: property.name,
            isRequired: property.isRequired && second.isRequired,
            shape: mergeShapes(property.shape, second.shape),
          },
    );
  }
  for (const property of others.values()) merged.push({ ...property, isRequired: false });
  return merged.sort(byName);
}

function byName(one: ShapeProperty, other: ShapeProperty): number {
  return one.name < other.name ? -1 : one.name > other.name ? 1 : 0;
}
