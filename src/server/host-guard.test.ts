import { describe, expect, test } from 'vitest';
import { HostGuard } from './host-guard.ts';

const guard = new HostGuard({
  allowedHosts: ['eddy.internal'],
  allowedOrigins: ['http://localhost:3000'],
});

describe('a Host header is answered', () => {
  test.each([
    'localhost:4566',
    '127.0.0.1:4566',
    '[::1]:4566',
    '192.168.1.5',
    'LOCALHOST',
    'sqs.us-east-1.localhost:4566',
    'localhost.localstack.cloud:4566',
    'sqs.eu-west-1.localhost.localstack.cloud',
    'sqs.us-east-1.amazonaws.com',
    'host.docker.internal:4566',
    'eddy.internal:80',
  ])('%s', (host) => {
    expect(guard.allowsHost(host)).toBe(true);
    expect(guard.allowsHost(host)).toBe(true);
  });
});

describe('a Host header is refused', () => {
  test.each([
    'evil.example',
    'localhost.evil.example',
    'amazonaws.com.evil.example',
    'notlocalhost',
    'evil-amazonaws.com',
    '',
  ])('%j', (host) => {
    expect(guard.allowsHost(host)).toBe(false);
  });
});

describe('a page of another origin', () => {
  const own = 'http://127.0.0.1:4566';

  test('may call when it is the same origin or was named', () => {
    expect(guard.allowsOrigin('http://127.0.0.1:4566', own)).toBe(true);
    expect(guard.allowsOrigin('http://localhost:3000', own)).toBe(true);
  });

  test('may not call otherwise, and a sandboxed page (null) neither', () => {
    expect(guard.allowsOrigin('https://evil.example', own)).toBe(false);
    expect(guard.allowsOrigin('http://127.0.0.1:4567', own)).toBe(false);
    expect(guard.allowsOrigin('null', own)).toBe(false);
  });
});
