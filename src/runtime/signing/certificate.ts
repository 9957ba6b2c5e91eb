// The certificate that goes with the key which signs notifications: X.509 version 3, self-signed (RFC 5280). Everything in
// it follows from the key, so that it need not be stored: the same key has the same certificate, at the same address, for
// ever. Its time of validity spans all that a virtual clock may show.

import { createPublicKey, hash, type KeyObject, sign } from 'node:crypto';
import { bits, bool, integer, nullValue, objectId, octets, sequence, set, tagged, utcTime, utf8 } from './der.ts';

const RSA_SHA256 = sequence(objectId('1.2.840.113549.1.1.11'), nullValue());
const COMMON_NAME = '2.5.4.3';
const ORGANIZATION = '2.5.4.10';
const BASIC_CONSTRAINTS = '2.5.29.19';
const KEY_USAGE = '2.5.29.15';
const SUBJECT_ALTERNATIVE_NAME = '2.5.29.17';
/** The name that verifiers of SNS's signatures expect. Nobody vouches for it: the certificate is self-signed. */
const NAME = 'sns.amazonaws.com';

const VALID_FROM = utcTime('000101000000Z');
const VALID_UNTIL = utcTime('491231235959Z');

/** The certificate in PEM. */
export function selfSignedCertificate(privateKey: KeyObject): string {
  const publicKey = createPublicKey(privateKey).export({ type: 'spki', format: 'der' });
  const subject = sequence(attribute(ORGANIZATION, 'Eddy'), attribute(COMMON_NAME, NAME));
  const body = sequence(
    tagged(0xa0, integer(Uint8Array.of(2))),
    integer(serialOf(publicKey)),
    RSA_SHA256,
    subject,
    sequence(VALID_FROM, VALID_UNTIL),
    subject,
    publicKey,
    tagged(0xa3, extensions()),
  );
  const certificate = sequence(body, RSA_SHA256, bits(sign('sha256', body, privateKey)));
  const lines =
    Buffer.from(certificate)
      .toString('base64')
      .match(/.{1,64}/g) ?? [];
  return `-----BEGIN CERTIFICATE-----\n${lines.join('\n')}\n-----END CERTIFICATE-----\n`;
}

function attribute(type: string, value: string): Uint8Array {
  return set(sequence(objectId(type), utf8(value)));
}

function extensions(): Uint8Array {
  const notAnAuthority = sequence(objectId(BASIC_CONSTRAINTS), bool(true), octets(sequence()));
  const digitalSignature = sequence(objectId(KEY_USAGE), bool(true), octets(bits(Uint8Array.of(0x80), 7)));
  const dnsName = tagged(0x82, Buffer.from(NAME, 'latin1'));
  const names = sequence(objectId(SUBJECT_ALTERNATIVE_NAME), octets(sequence(dnsName)));
  return sequence(notAnAuthority, digitalSignature, names);
}

/** 16 bytes of the key's digest; the first one made small and not zero, as a serial number must be positive. */
function serialOf(publicKey: Uint8Array): Uint8Array {
  const serial = hash('sha256', publicKey, 'buffer').subarray(0, 16);
  serial[0] = ((serial[0] as number) & 0x7f) | 0x40;
  return serial;
}
