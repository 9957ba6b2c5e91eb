// For esbuild: tables of wire forms become JSON in the bundle, read when a service is first spoken to. V8 reads a megabyte of JSON several times as
// quickly as the same literals, and does not keep the memory that compiling them takes; the text itself, inside a function that was never called,
// is part of the source only.
import { readFileSync } from 'node:fs';
import { transform } from 'esbuild';

export const wireTables = {
  name: 'wire-tables',
  setup(build) {
    build.onLoad({ filter: /[\\/]src[\\/]wire[\\/]generated[\\/][a-z0-9]+\.ts$/ }, async ({ path }) => {
      const { code } = await transform(readFileSync(path, 'utf8'), { loader: 'ts', format: 'esm' });
      const { service, ...others } = await import(`data:text/javascript,${encodeURIComponent(code)}`);
      if (Object.keys(others).length > 0) throw new Error(`${path} exports more than its table`);
      return { contents: lazily(service), loader: 'js' };
    });
  },
};

/** What the server asks of every service at its start is at hand; the three large members come out of the text at the first look. */
function lazily({ operations, shapes, errors, ...head }) {
  const text = JSON.stringify(JSON.stringify({ operations, shapes, errors }));
  return `let table;
const read = () => (table ??= JSON.parse(${text}));
export const service = {
  ...${JSON.stringify(head)},
  get operations() { return read().operations; },
  get shapes() { return read().shapes; },
  get errors() { return read().errors; },
};`;
}
