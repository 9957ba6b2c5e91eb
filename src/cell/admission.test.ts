// Whether a command would get as far as its body.

import { describe, expect, it } from 'vitest';
import { type AwsError, clientError } from '#model/aws-error.ts';
import { rootOf } from '#model/principal.ts';
import { scopeOf } from '#model/scope.ts';
import { Table } from '#structures/table.ts';
import { bind, defineService, operation } from './service-definition.ts';
import { testCell } from './testing.ts';

class Shelf {
  readonly books = new Table<{ readonly title: string }>({ name: 'shelf.books' });
}

interface Put {
  readonly title: string;
}

const put = operation<Shelf, Put, object>({
  authorize: () => ({ action: 'shelf:Put', resource: 'arn:aws:shelf:::books', resourceAccount: '000000000000' }),
  admit(turn, { title }) {
    if (title === 'writes') turn.put(turn.state.books, title, { title });
    return turn.state.books.get(title) === undefined ? undefined : clientError('AlreadyThere', title);
  },
  decide(turn, { title }) {
    turn.put(turn.state.books, title, { title });
    return { output: {} };
  },
});

const shelf = defineService<Shelf>({
  name: 'shelf',
  createState: () => new Shelf(),
  tables: (state) => [bind(state.books)],
  facts: [],
  operations: { Put: put },
});

async function opened() {
  const test = await testCell([shelf]);
  const command = (title: string) => ({
    service: 'shelf',
    operation: 'Put',
    input: { title },
    scope: scopeOf('000000000000', 'us-east-1'),
    principal: rootOf('000000000000'),
    request: { requestId: 'r', baseUrl: 'http://localhost', sourceIp: '127.0.0.1', userAgent: '', isSecure: false },
  });
  const ask = (title: string) =>
    new Promise<AwsError | undefined>((resolve) => test.cell.admit(command(title), resolve));
  return { test, ask };
}

describe('the admission of a command', () => {
  it('says what the operation has against it, and records nothing', async () => {
    const { test, ask } = await opened();
    expect(await ask('a')).toBeUndefined();
    expect(test.takeFacts()).toEqual([]);
    await test.call('shelf', 'Put', { title: 'a' });
    expect(await ask('a')).toMatchObject({ code: 'AlreadyThere' });
  });

  it('that records is a defect: it is answered and told, and nothing is changed', async () => {
    const { test, ask } = await opened();
    expect(await ask('writes')).toMatchObject({ code: 'InternalFailure' });
    expect(test.diagnostics.join()).toContain('a question records nothing');
    expect(test.takeFacts()).toEqual([]);
    expect(test.fatal).toBeUndefined();
  });
});
