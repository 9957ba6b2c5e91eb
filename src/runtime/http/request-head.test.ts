import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { HttpRefusal } from './http-refusal.ts';
import { parseRequestHead, RequestHead } from './request-head.ts';

function parse(text: string, headerCountMax = 100): RequestHead | HttpRefusal {
  // Bytes around the head show that neither end is overrun.
  const bytes = Buffer.from(`xx${text}\r\nyy`, 'latin1');
  return parseRequestHead(bytes, { start: 2, end: 2 + text.length, headerCountMax });
}

function parsed(text: string): RequestHead {
  const head = parse(text);
  if (head instanceof HttpRefusal) throw new Error(head.reason);
  return head;
}

function statusOf(text: string, headerCountMax?: number): number | 'accepted' {
  const head = parse(text, headerCountMax);
  return head instanceof HttpRefusal ? head.status : 'accepted';
}

const HOST = 'Host: localhost:4566\r\n';

describe('parsing a request head', () => {
  it('keeps target and values as sent, and makes names lower case', () => {
    const head = parsed(
      `POST /a%2Fb/?x=%20&y?z HTTP/1.1\r\n${HOST}X-Amz-Target:  AmazonSQS.SendMessage \t\r\nEmpty:\r\n`,
    );
    expect(head).toMatchObject({ method: 'POST', path: '/a%2Fb/', query: 'x=%20&y?z', contentLength: -1 });
    expect({ ...head.headers }).toEqual({ host: 'localhost:4566', 'x-amz-target': 'AmazonSQS.SendMessage', empty: '' });
  });

  it('takes bytes above ASCII in values as latin1', () => {
    expect(parsed(`GET / HTTP/1.1\r\n${HOST}A: caf\xe9\r\n`).headers['a']).toBe('caf\xe9');
  });

  it('joins repeated headers in their order and names them', () => {
    const head = parsed(`GET / HTTP/1.1\r\n${HOST}A: 1\r\nB: x\r\na: 2\r\nA: 3\r\n`);
    expect(head.headers['a']).toBe('1, 2, 3');
    expect(head.repeatedHeaders).toEqual(['a']);
  });

  it('gives headers named like properties of objects no special meaning', () => {
    const head = parsed(`GET / HTTP/1.1\r\n${HOST}__proto__: x\r\nconstructor: y\r\n`);
    expect(Object.keys(head.headers)).toEqual(['host', '__proto__', 'constructor']);
    expect(parsed(`GET / HTTP/1.1\r\n${HOST}`).headers['toString']).toBeUndefined();
  });

  it('tells names apart that share a slot of the cache', () => {
    for (let i = 0; i < 5000; i += 1) {
      expect(Object.keys(parsed(`GET / HTTP/1.1\r\n${HOST}X-Name-${i}: v\r\n`).headers)[1]).toBe(`x-name-${i}`);
    }
  });

  it.each([
    ['HTTP/1.1', '', true],
    ['HTTP/1.1', 'Connection: keep-alive\r\n', true],
    ['HTTP/1.1', 'Connection: Upgrade, close\r\n', false],
    ['HTTP/1.1', 'Connection: close\r\nConnection: keep-alive\r\n', false],
    ['HTTP/1.0', '', false],
    ['HTTP/1.0', 'Connection: Keep-Alive\r\n', true],
  ])('%s with %j keeps the connection: %s', (version, connection, isKeptAlive) => {
    expect(parsed(`GET / ${version}\r\n${HOST}${connection}`).isKeptAlive).toBe(isKeptAlive);
  });

  it.each(['localhost', '127.0.0.1:4566', '[::1]:4566', 'sqs.us-east-1.amazonaws.com', 'my_host'])(
    'takes host %s',
    (host) => {
      expect(parsed(`GET / HTTP/1.1\r\nHost: ${host}\r\n`).headers['host']).toBe(host);
    },
  );

  it.each([
    ['no version', 'GET /\r\n', 400],
    ['two spaces', 'GET  / HTTP/1.1\r\n', 400],
    ['a space behind the version', 'GET / HTTP/1.1 \r\n', 400],
    ['a tab as separator', 'GET\t/\tHTTP/1.1\r\n', 400],
    ['an empty line', '\r\n', 400],
    ['a lower-case method', 'get / HTTP/1.1\r\n', 400],
    ['an unknown method', 'BREW / HTTP/1.1\r\n', 501],
    ['TRACE', 'TRACE / HTTP/1.1\r\n', 501],
    ['authority form', 'CONNECT localhost:80 HTTP/1.1\r\n', 400],
    ['absolute form', 'GET http://localhost/ HTTP/1.1\r\n', 400],
    ['asterisk form', 'OPTIONS * HTTP/1.1\r\n', 400],
    ['a fragment', 'GET /a#b HTTP/1.1\r\n', 400],
    ['a control character in the target', 'GET /a\x01b HTTP/1.1\r\n', 400],
    ['a bare CR in the target', 'GET /a\rb HTTP/1.1\r\n', 400],
    ['a bare LF in the target', 'GET /a\nb HTTP/1.1\r\n', 400],
    ['raw bytes above ASCII in the target', 'GET /caf\xe9 HTTP/1.1\r\n', 400],
    ['HTTP/2.0', 'GET / HTTP/2.0\r\n', 505],
    ['HTTP/1.2', 'GET / HTTP/1.2\r\n', 505],
    ['HTTP/0.9', 'GET / HTTP/0.9\r\n', 505],
    ['lower-case http', 'GET / http/1.1\r\n', 400],
  ])('refuses a request line with %s', (_what, line, status) => {
    expect(statusOf(`${line}${HOST}`)).toBe(status);
  });

  it.each([
    ['Content-Length and Transfer-Encoding', `${HOST}Content-Length: 3\r\nTransfer-Encoding: chunked\r\n`, 400],
    ['two Content-Lengths', `${HOST}Content-Length: 3\r\nContent-Length: 4\r\n`, 400],
    ['the same Content-Length twice', `${HOST}Content-Length: 3\r\nContent-Length: 3\r\n`, 400],
    ['a list of lengths', `${HOST}Content-Length: 3, 3\r\n`, 400],
    ['a negative length', `${HOST}Content-Length: -1\r\n`, 400],
    ['a signed length', `${HOST}Content-Length: +1\r\n`, 400],
    ['a hexadecimal length', `${HOST}Content-Length: 0x10\r\n`, 400],
    ['an empty length', `${HOST}Content-Length:\r\n`, 400],
    ['a length beyond counting', `${HOST}Content-Length: 99999999999999999999\r\n`, 400],
    ['two Transfer-Encodings', `${HOST}Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n`, 400],
    ['xchunked', `${HOST}Transfer-Encoding: xchunked\r\n`, 501],
    ['gzip, chunked', `${HOST}Transfer-Encoding: gzip, chunked\r\n`, 501],
    ['chunked twice in one', `${HOST}Transfer-Encoding: chunked, chunked\r\n`, 501],
    ['identity', `${HOST}Transfer-Encoding: identity\r\n`, 501],
    ['chunked behind a vertical tab', `${HOST}Transfer-Encoding: \x0bchunked\r\n`, 400],
    ['a space before the colon', `${HOST}Content-Length : 3\r\n`, 400],
    ['a tab before the colon', `${HOST}A\t: 3\r\n`, 400],
    ['a folded line', `${HOST}A: 1\r\n 2\r\n`, 400],
    ['a first line that is folded', ` A: 1\r\n${HOST}`, 400],
    ['a line that ends with LF', `${HOST}A: 1\nB: 2\r\n`, 400],
    ['a name that ends with LF', `${HOST}A\nB: 2\r\n`, 400],
    ['a bare CR in a value', `${HOST}A: 1\rB: 2\r\n`, 400],
    ['NUL in a value', `${HOST}A: 1\x002\r\n`, 400],
    ['DEL in a value', `${HOST}A: 1\x7f\r\n`, 400],
    ['NUL in a name', `${HOST}A\x00: 1\r\n`, 400],
    ['a bracket in a name', `${HOST}A(b): 1\r\n`, 400],
    ['a byte above ASCII in a name', `${HOST}\xe9: 1\r\n`, 400],
    ['an empty name', `${HOST}: 1\r\n`, 400],
    ['no colon', `${HOST}Abc\r\n`, 400],
    ['no Host', 'A: 1\r\n', 400],
    ['an empty Host', 'Host:\r\n', 400],
    ['two Hosts', `${HOST}Host: other\r\n`, 400],
    ['the same Host twice', `${HOST}${HOST}`, 400],
    ['markup in Host', 'Host: <b>\r\n', 400],
    ['a path in Host', 'Host: localhost/evil\r\n', 400],
    ['a user in Host', 'Host: user@localhost\r\n', 400],
    ['two Authorizations', `${HOST}Authorization: a\r\nauthorization: b\r\n`, 400],
    ['two dates', `${HOST}X-Amz-Date: a\r\nX-Amz-Date: b\r\n`, 400],
    ['two session tokens', `${HOST}X-Amz-Security-Token: a\r\nX-Amz-Security-Token: b\r\n`, 400],
    ['an unknown expectation', `${HOST}Expect: a-pony\r\n`, 417],
  ])('refuses headers with %s', (_what, headers, status) => {
    expect(statusOf(`POST / HTTP/1.1\r\n${headers}`)).toBe(status);
  });

  it('refuses chunks on HTTP/1.0 and needs no Host there', () => {
    expect(statusOf('POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n')).toBe(501);
    expect(statusOf('GET / HTTP/1.0\r\n')).toBe('accepted');
  });

  it('counts headers', () => {
    const headers = (count: number): string => HOST + 'A: 1\r\n'.repeat(count - 1);
    expect(statusOf(`GET / HTTP/1.1\r\n${headers(7)}`, 7)).toBe('accepted');
    expect(statusOf(`GET / HTTP/1.1\r\n${headers(8)}`, 7)).toBe(431);
  });

  it('reads back every head made of tokens and field values', () => {
    const name = fc.stringMatching(/^X[!#$%&'*+.^_`|~0-9A-Za-z-]{0,20}$/);
    const value = fc.stringMatching(/^[!-~\x80-\xff]([\t -~\x80-\xff]{0,40}[!-~\x80-\xff])?$/);
    const fields = fc.uniqueArray(fc.tuple(name, value), { maxLength: 20, selector: ([each]) => each.toLowerCase() });
    fc.assert(
      fc.property(fields, (list) => {
        const lines = list.map(([each, text]) => `${each}: ${text}\r\n`).join('');
        const { host, ...headers } = parsed(`PUT /x HTTP/1.1\r\n${HOST}${lines}`).headers;
        expect(host).toBe('localhost:4566');
        expect(headers).toEqual(Object.fromEntries(list.map(([each, text]) => [each.toLowerCase(), text])));
      }),
    );
  });

  it('gives a verdict on any bytes whatever', () => {
    const alphabet = fc.constantFrom(
      '\r',
      '\n',
      '\r\n',
      ' ',
      '\t',
      ':',
      '\0',
      'GET',
      '/',
      'HTTP/1.1',
      HOST,
      'Content-Length',
      '1',
      '\xff',
    );
    fc.assert(
      fc.property(fc.array(alphabet, { maxLength: 40 }), (pieces) => {
        const head = parse(`${pieces.join('')}\r\n`);
        expect(head instanceof RequestHead || head instanceof HttpRefusal).toBe(true);
      }),
    );
  });
});
