// Reads who signed a request and for what, from the Authorization header or the presigned query, without verifying anything.
// Enough to resolve account, region and service; `sigv4.ts` verifies what is read here, so both see the same values.

import type { WireRequest } from './http-message.ts';
import { formDecode } from './percent.ts';

export interface Credential {
  readonly place: 'header' | 'query';
  readonly algorithm: string;
  readonly accessKeyId: string;
  /** `YYYYMMDD` of the scope. */
  readonly date: string;
  readonly region: string;
  /** Signing name. */
  readonly service: string;
  readonly terminator: string;
  /** As sent; the scope is their last four parts. */
  readonly text: string;
  /** Lower case, in the order sent. */
  readonly signedHeaders: readonly string[];
  readonly signature: string;
}

/** `{}`: not signed. `missing`: signed, but these parts are not there or not readable. */
export interface CredentialReading {
  readonly credential?: Credential;
  readonly missing?: readonly string[];
  /** The credential is there but has too few parts. */
  readonly unreadableCredential?: string;
}

export const ALGORITHM = 'AWS4-HMAC-SHA256';
/** Longest Authorization header that is looked at; the longest that SDKs send is below 1,000 characters. */
const HEADER_MAX = 8_192;

export function readCredential(request: WireRequest): CredentialReading {
  const header = request.headers['authorization'];
  if (header !== undefined) return fromHeader(header);
  return request.query.includes('X-Amz-') ? fromQuery(request.query) : {};
}

const START = 'AWS4-HMAC-SHA256 Credential=';
const NAMES = ', SignedHeaders=';
const SIGNATURE = ', Signature=';

/** The one form that all SDKs send, read without lists in between (half the time); undefined when the header has another. */
function fromUsualHeader(header: string): CredentialReading | undefined {
  if (!header.startsWith(START) || header.length > HEADER_MAX) return undefined;
  const credentialEnd = header.indexOf(',', START.length);
  const namesStart = credentialEnd + NAMES.length;
  const namesEnd = header.indexOf(',', namesStart);
  const signatureStart = namesEnd + SIGNATURE.length;
  const isUsual =
    header.startsWith(NAMES, credentialEnd) &&
    header.startsWith(SIGNATURE, namesEnd) &&
    header.length === signatureStart + 64 &&
    !header.includes(',', signatureStart);
  if (!isUsual || credentialEnd < 0 || namesEnd < 0) return undefined;
  // Everything but the signature is the same for hours: a client's requests differ in the last 64 characters.
  const stem = header.slice(0, signatureStart);
  const known = readStems.get(stem);
  const signature = header.slice(signatureStart);
  if (known !== undefined) return { credential: { ...known, signature } };
  const reading = assemble('header', {
    algorithm: ALGORITHM,
    credential: header.slice(START.length, credentialEnd),
    signedHeaders: header.slice(namesStart, namesEnd),
    signature,
  });
  if (reading.credential !== undefined) remember(stem, reading.credential);
  return reading;
}

/** Headers of one day's clients are few; a scan with made-up ones must not grow memory. */
const STEMS_MAX = 256;
const readStems = new Map<string, Credential>();

function remember(stem: string, credential: Credential): void {
  if (readStems.size >= STEMS_MAX) readStems.clear();
  readStems.set(stem, credential);
}

function fromHeader(header: string): CredentialReading {
  const usual = fromUsualHeader(header);
  if (usual !== undefined) return usual;
  const space = header.indexOf(' ');
  const algorithm = space < 0 ? header : header.slice(0, space);
  const parts: Record<string, string | undefined> = Object.create(null);
  if (header.length <= HEADER_MAX && space > 0) {
    for (const part of header.slice(space + 1).split(',')) {
      const equals = part.indexOf('=');
      const name = part.slice(0, equals).trim();
      // Of a part given twice neither counts: two readers could pick different ones.
      if (equals > 0) parts[name] = parts[name] === undefined ? part.slice(equals + 1).trim() : '';
    }
  }
  return assemble('header', {
    algorithm,
    credential: parts['Credential'],
    signedHeaders: parts['SignedHeaders'],
    signature: parts['Signature'],
  });
}

function fromQuery(query: string): CredentialReading {
  const algorithm = queryParameter(query, 'X-Amz-Algorithm');
  if (algorithm === undefined && queryParameter(query, 'X-Amz-Credential') === undefined) return {};
  return assemble('query', {
    algorithm: algorithm ?? '',
    credential: queryParameter(query, 'X-Amz-Credential'),
    signedHeaders: queryParameter(query, 'X-Amz-SignedHeaders'),
    signature: queryParameter(query, 'X-Amz-Signature'),
  });
}

/** The first value of a parameter, decoded. */
export function queryParameter(query: string, name: string): string | undefined {
  for (const pair of query.split('&')) {
    if (pair.startsWith(name) && (pair.length === name.length || pair[name.length] === '=')) {
      return formDecode(pair.slice(name.length + 1));
    }
  }
  return undefined;
}

interface Parts {
  readonly algorithm: string;
  readonly credential: string | undefined;
  readonly signedHeaders: string | undefined;
  readonly signature: string | undefined;
}

function assemble(
  place: 'header' | 'query',
  { algorithm, credential, signedHeaders, signature }: Parts,
): CredentialReading {
  if (!credential || !signedHeaders || !signature) {
    const parts = { Credential: credential, Signature: signature, SignedHeaders: signedHeaders };
    return { missing: Object.entries(parts).flatMap(([name, part]) => (part ? [] : [name])) };
  }
  // The scope is the last four parts: a key id with a slash is refused later, with its text.
  const fourth = credential.lastIndexOf('/');
  const third = credential.lastIndexOf('/', fourth - 1);
  const second = credential.lastIndexOf('/', third - 1);
  const first = credential.lastIndexOf('/', second - 1);
  if (first < 0 || second <= first) return { missing: ['Credential'], unreadableCredential: credential };
  return {
    credential: {
      place,
      algorithm,
      accessKeyId: credential.slice(0, first),
      date: credential.slice(first + 1, second),
      region: credential.slice(second + 1, third),
      service: credential.slice(third + 1, fourth),
      terminator: credential.slice(fourth + 1),
      text: credential,
      signedHeaders: signedHeaders.toLowerCase().split(';'),
      signature,
    },
  };
}
