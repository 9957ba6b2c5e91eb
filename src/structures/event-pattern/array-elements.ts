// Which elements of which arrays an event has, and which leaves lie in them. Leaves are numbered as they stand in the
// event, so whatever is inside an element or an array is a range of numbers. Element 0 is the event itself, outside of
// any array. Columns instead of objects: a big event has many elements, and they are written while it is read.

const FIRST_CAPACITY = 64;

export class ArrayElements {
  count = 1;
  arrayCount = 0;
  /** By element: the element around it, its array, how many elements are around it, its leaves. */
  parent: Int32Array = new Int32Array(FIRST_CAPACITY);
  array: Int32Array = new Int32Array(FIRST_CAPACITY);
  depth: Int32Array = new Int32Array(FIRST_CAPACITY);
  firstLeaf: Int32Array = new Int32Array(FIRST_CAPACITY);
  endLeaf: Int32Array = new Int32Array(FIRST_CAPACITY);
  /** By array. */
  arrayFirstLeaf: Int32Array = new Int32Array(FIRST_CAPACITY);
  arrayEndLeaf: Int32Array = new Int32Array(FIRST_CAPACITY);
  /** 1 when a leaf lies in the array itself: then it lies in none of its elements. */
  arrayHasPlain: Int32Array = new Int32Array(FIRST_CAPACITY);

  reset(): void {
    this.count = 1;
    this.arrayCount = 0;
    this.array[0] = -1;
    this.endLeaf[0] = 0x7fffffff;
  }

  constructor() {
    this.reset();
  }

  beginArray(leafCount: number): number {
    if (this.arrayCount === this.arrayFirstLeaf.length) {
      this.arrayFirstLeaf = grown(this.arrayFirstLeaf);
      this.arrayEndLeaf = grown(this.arrayEndLeaf);
      this.arrayHasPlain = grown(this.arrayHasPlain);
    }
    const array = this.arrayCount;
    this.arrayCount = array + 1;
    this.arrayFirstLeaf[array] = leafCount;
    this.arrayHasPlain[array] = 0;
    return array;
  }

  endArray(array: number, leafCount: number): void {
    this.arrayEndLeaf[array] = leafCount;
  }

  beginElement(parent: number, array: number, leafCount: number): number {
    if (this.count === this.parent.length) this.grow();
    const element = this.count;
    this.count = element + 1;
    this.parent[element] = parent;
    this.array[element] = array;
    this.depth[element] = (this.depth[parent] as number) + 1;
    this.firstLeaf[element] = leafCount;
    return element;
  }

  endElement(element: number, leafCount: number): void {
    this.endLeaf[element] = leafCount;
  }

  /** `outer` is `inner` or around it. */
  isWithin(inner: number, outer: number): boolean {
    return this.lift(inner, this.depth[outer] as number) === outer;
  }

  /** They lie in different elements of one array: AWS calls that inconsistent. */
  areApart(one: number, other: number): boolean {
    const { parent } = this;
    let a = this.lift(one, this.depth[other] as number);
    let b = this.lift(other, this.depth[a] as number);
    if (a === b) return false;
    while (parent[a] !== parent[b]) {
      a = parent[a] as number;
      b = parent[b] as number;
    }
    return this.array[a] === this.array[b];
  }

  private lift(element: number, depth: number): number {
    let at = element;
    while ((this.depth[at] as number) > depth) at = this.parent[at] as number;
    return at;
  }

  private grow(): void {
    this.parent = grown(this.parent);
    this.array = grown(this.array);
    this.depth = grown(this.depth);
    this.firstLeaf = grown(this.firstLeaf);
    this.endLeaf = grown(this.endLeaf);
  }
}

function grown(column: Int32Array): Int32Array {
  const larger = new Int32Array(column.length * 2);
  larger.set(column);
  return larger;
}
