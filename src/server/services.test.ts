import { expect, test } from 'vitest';
import { buildServices, buildWireServices, STORIES } from './services.ts';

const services = buildServices({ signer: { sign: () => '', certificatePath: '' } });
const wire = buildWireServices();

test('every fact is told to people as a sentence, and no sentence is left over', () => {
  const facts = services.flatMap(({ name, facts: own }) => own.map(({ kind }) => `${name}.${kind.name}`));
  const told = [...STORIES].flatMap(([service, stories]) => Object.keys(stories).map((name) => `${service}.${name}`));
  expect(told.sort()).toEqual(facts.sort());
});

// Names in parentheses are commands of the runtime; no request can name them.
test('every operation that a service has is one of its API', () => {
  const unknown = services.flatMap(({ name, operations }) =>
    Object.keys(operations).filter(
      (operation) => !operation.startsWith('(') && wire.service(name)?.operation(operation) === undefined,
    ),
  );
  expect(unknown).toEqual([]);
});

test('every API that is spoken has a service behind it', () => {
  const names = new Set(services.map(({ name }) => name));
  expect(wire.all.map(({ prefix }) => prefix).filter((prefix) => !names.has(prefix))).toEqual([]);
});
