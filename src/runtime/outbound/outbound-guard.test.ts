import { describe, expect, test } from 'vitest';
import { parseIp, parseIpRange } from '#base/ip-range.ts';
import { type AddressKind, kindOf } from './address-kinds.ts';
import { OutboundGuard, type OutboundRules } from './outbound-guard.ts';

const OWN_PORT = 4566;
const DEVELOPMENT: OutboundRules = { allowsLoopback: true, allowsPrivate: true, allowsPublic: true, ranges: [] };
const SERVER: OutboundRules = { ...DEVELOPMENT, allowsLoopback: false, allowsPrivate: false };

const TABLE: readonly (readonly [AddressKind, readonly string[]])[] = [
  ['public', ['1.1.1.1', '8.8.8.8', '172.15.0.1', '172.32.0.1', '169.253.255.255', '192.169.0.1', '2606:4700::1111']],
  ['public', ['::ffff:1.1.1.1', '::ffff:0:8.8.8.8', '64:ff9b::808:808', '2002:808:808::1']],
  ['loopback', ['127.0.0.1', '127.255.255.254', '::1', '::ffff:127.0.0.1', '::ffff:7f00:1', '64:ff9b::7f00:1']],
  ['loopback', ['2002:7f00:1::', '::ffff:0:127.0.0.1']],
  [
    'private',
    ['10.0.0.1', '172.16.0.1', '172.31.255.255', '192.168.1.1', '100.64.0.1', '198.18.0.1', 'fc00::1', 'fd12::1'],
  ],
  ['private', ['::ffff:10.0.0.1', '2002:c0a8:101::1', 'fec0::1', '64:ff9b:1::1', '192.0.2.1', '2001:db8::1']],
  ['never', ['169.254.169.254', '169.254.0.1', '169.254.170.2', '0.0.0.0', '0.1.2.3', '224.0.0.1', '255.255.255.255']],
  ['never', ['100.100.100.200', '168.63.129.16', '192.0.0.192', '240.0.0.1']],
  ['never', ['::', 'fe80::1', 'febf::1', 'fd00:ec2::254', 'fd00:ec2::23', 'fd20:ce::254', 'ff02::1', '2001:0:1::1']],
  ['never', ['::ffff:169.254.169.254', '::ffff:a9fe:a9fe', '::169.254.169.254', '::127.0.0.1', '64:ff9b::a9fe:a9fe']],
  ['never', ['2002:a9fe:a9fe::1', '::ffff:0:169.254.169.254', '::ffff:0.0.0.0']],
];

describe.each(TABLE)('%s', (kind, addresses) => {
  test.each(addresses)('%s', (text) => {
    const address = parseIp(text);
    expect(address && kindOf(address)).toBe(kind);
  });
});

/** Spellings that hosts of URLs come in; all of them mean an address that is never allowed. */
const NEVER_HOSTS = [
  '169.254.169.254',
  '2852039166',
  '0xa9fea9fe',
  '0xA9.0xFE.0xA9.0xFE',
  '0251.0376.0251.0376',
  '169.254.43518',
  '169.16689662',
  '[::ffff:169.254.169.254]',
  '[::ffff:a9fe:a9fe]',
  '[0:0:0:0:0:ffff:a9fe:a9fe]',
  '[fd00:ec2::254]',
  '[fe80::1]',
  '[::]',
  '0',
  '0.0.0.0',
  '0x0',
  '1⑥9.254.169.254',
  '１６９.254.169.254',
];

test.each(NEVER_HOSTS)('the host %s is never asked, whatever is configured', (host) => {
  const all = ['0.0.0.0/0', '::/0'].map((text) => parseIpRange(text)!);
  const guard = new OutboundGuard({ ...DEVELOPMENT, ranges: all }, OWN_PORT);
  const { hostname } = new URL(`http://${host}/latest/meta-data`);
  const address = hostname.replace(/^\[|\]$/g, '');
  expect(guard.whyNot({ address, port: 80, isSecure: false })).toContain('never');
});

describe('the guard', () => {
  const development = new OutboundGuard(DEVELOPMENT, OWN_PORT);
  const server = new OutboundGuard(SERVER, OWN_PORT);

  test.each(['127.0.0.1', '::1', '10.1.2.3', '192.168.0.7', 'fd12::1'])('%s: in development only', (address) => {
    expect(development.whyNot({ address, port: 3000, isSecure: false })).toBeUndefined();
    expect(server.whyNot({ address, port: 3000, isSecure: false })).toContain('--allow-outbound');
  });

  test('ranges that were named are allowed beyond that, in every spelling', () => {
    const guard = new OutboundGuard({ ...SERVER, ranges: [parseIpRange('10.1.0.0/16')!] }, OWN_PORT);
    expect(guard.whyNot({ address: '10.1.2.3', port: 80, isSecure: false })).toBeUndefined();
    expect(guard.whyNot({ address: '::ffff:10.1.2.3', port: 80, isSecure: false })).toBeUndefined();
    expect(guard.whyNot({ address: '10.2.0.1', port: 80, isSecure: false })).toContain('--allow-outbound');
  });

  test('over the internet requests go by https only', () => {
    expect(server.whyNot({ address: '1.1.1.1', port: 443, isSecure: true })).toBeUndefined();
    expect(server.whyNot({ address: '1.1.1.1', port: 80, isSecure: false })).toContain('https');
    const closed = new OutboundGuard({ ...SERVER, allowsPublic: false }, OWN_PORT);
    expect(closed.whyNot({ address: '1.1.1.1', port: 443, isSecure: true })).toContain('--allow-outbound');
  });

  test.each(['127.0.0.1', '127.0.0.9', '::1', '::ffff:127.0.0.1'])(
    'this server itself at %s is never asked',
    (address) => {
      expect(development.whyNot({ address, port: OWN_PORT, isSecure: false })).toContain('this server itself');
      expect(development.whyNot({ address, port: OWN_PORT + 1, isSecure: false })).toBeUndefined();
    },
  );

  test('what is no address is refused', () => {
    expect(development.whyNot({ address: 'localhost', port: 80, isSecure: false })).toBeDefined();
    expect(development.whyNot({ address: 'fe80::1%eth0', port: 80, isSecure: false })).toContain('never');
  });
});
