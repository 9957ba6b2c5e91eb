// For esbuild: tables of wire forms become JSON in the bundle. V8 reads a megabyte of JSON several times as quickly as the same literals, and does
// not keep the memory that compiling them takes.
import { readFileSync } from 'node:fs';
import { transform } from 'esbuild';

export const wireTables = {
  name: 'wire-tables',
  setup(build) {
    build.onLoad({ filter: /[\\/]src[\\/]wire[\\/]generated[\\/][a-z0-9]+\.ts$/ }, async ({ path }) => {
      const { code } = await transform(readFileSync(path, 'utf8'), { loader: 'ts', format: 'esm' });
      const { service, ...others } = await import(`data:text/javascript,${encodeURIComponent(code)}`);
      if (Object.keys(others).length > 0) throw new Error(`${path} exports more than its table`);
      return {
        contents: `export const service = JSON.parse(${JSON.stringify(JSON.stringify(service))});`,
        loader: 'js',
      };
    });
  },
};
