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

/** Longest Authorization header that is looked at; the longest that SDKs send is below 1,000 characters. */
const HEADER_MAX = 8_192;

export function readCredential(request: WireRequest): CredentialReading {
  const header = request.headers['authorization'];
  if (header !== undefined) return fromHeader(header);
  return request.query.includes('X-Amz-') ? fromQuery(request.query) : {};
}

/** The one form that all SDKs send, read in one step; any other goes the long way. Possessive in effect: no part can match a comma. */
const USUAL = /^(AWS4-HMAC-SHA256) Credential=([^,\s]+), ?SignedHeaders=([a-z0-9;_-]+), ?Signature=([0-9a-f]{64})$/;

function fromHeader(header: string): CredentialReading {
  const usual = header.length <= HEADER_MAX ? USUAL.exec(header) : null;
  if (usual !== null) {
    const [, algorithm = '', credential, signedHeaders, signature] = usual;
    return assemble('header', { algorithm, credential, signedHeaders, signature });
  }
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
  const missing: string[] = [];
  if (!credential) missing.push('Credential');
  if (!signature) missing.push('Signature');
  if (!signedHeaders) missing.push('SignedHeaders');
  if (!credential || !signedHeaders || !signature) return { missing };
  const scope = credential.split('/');
  if (scope.length < 5) return { missing: ['Credential'], unreadableCredential: credential };
  const [date, region, service, terminator] = scope.slice(-4) as [string, string, string, string];
  return {
    credential: {
      place,
      algorithm,
      // A key id has no slash; what has one is refused later, with its text.
      accessKeyId: scope.length === 5 ? scope[0]! : scope.slice(0, -4).join('/'),
      date,
      region,
      service,
      terminator,
      text: credential,
      signedHeaders: signedHeaders.toLowerCase().split(';'),
      signature,
    },
  };
}
