// V8's own collector, which Node gives only to programs that were started with `--expose-gc`.

import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

type Collect = (options?: { readonly type: 'minor' }) => void;

let collect: Collect | undefined;

/** Everything: some 70 ms for each 100 MiB that live. */
export function collectAll(): void {
  collector()();
}

/** What came lately: a millisecond or two. */
export function collectYoung(): void {
  collector()({ type: 'minor' });
}

function collector(): Collect {
  if (collect === undefined) {
    setFlagsFromString('--expose-gc');
    collect = runInNewContext('gc') as Collect;
    setFlagsFromString('--no-expose-gc');
  }
  return collect;
}
