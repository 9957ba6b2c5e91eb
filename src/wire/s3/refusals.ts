// What S3's front end refuses before any operation sees the request. Codes and statuses: S3 API reference, "Error responses"; texts and
// members as AWS answers them, recorded in public test suites and issues of SDKs.

import { type AwsError, clientError } from '#model/aws-error.ts';
import { formatDateTime } from '../timestamps.ts';

const utf8 = new TextEncoder();

type Members = Readonly<Record<string, string | number>>;

function refusal(status: number, code: string, message: string, members: Members = {}): AwsError {
  return clientError(code, message, { status, members });
}

export const accessDenied = (message = 'Access Denied', members: Members = {}): AwsError =>
  refusal(403, 'AccessDenied', message, members);
export const invalidUri = (): AwsError => refusal(400, 'InvalidURI', "Couldn't parse the specified URI.");
export const malformedXml = (): AwsError =>
  refusal(
    400,
    'MalformedXML',
    'The XML you provided was not well-formed or did not validate against our published schema',
  );
export const methodNotAllowed = (method: string, resourceType: string): AwsError =>
  refusal(405, 'MethodNotAllowed', 'The specified method is not allowed against this resource.', {
    Method: method,
    ResourceType: resourceType,
  });
export const invalidArgument = (name: string, value: string, message: string): AwsError =>
  refusal(400, 'InvalidArgument', message, { ArgumentName: name, ArgumentValue: value.slice(0, 1024) });
export const invalidRequest = (message: string): AwsError => refusal(400, 'InvalidRequest', message);

/** Signature version 2, and 4A, whose keys do not derive from a secret that is known here. */
export const mechanismNotSupported = (): AwsError =>
  invalidRequest('The authorization mechanism you have provided is not supported. Please use AWS4-HMAC-SHA256.');
export const unsupportedAuthorization = (header: string): AwsError =>
  invalidArgument('Authorization', header.slice(0, 256), 'Unsupported Authorization Type');
export const twoMechanisms = (header: string): AwsError =>
  invalidArgument(
    'Authorization',
    header.slice(0, 256),
    'Only one auth mechanism allowed; only the X-Amz-Algorithm query parameter, Signature query string parameter or the Authorization header should be specified',
  );
export const headerMalformed = (reason: string): AwsError =>
  refusal(400, 'AuthorizationHeaderMalformed', `The authorization header is malformed; ${reason}`);
export const queryMalformed = (message: string): AwsError => refusal(400, 'AuthorizationQueryParametersError', message);
export const queryIncomplete = (): AwsError =>
  queryMalformed(
    'Query-string authentication version 4 requires the X-Amz-Algorithm, X-Amz-Credential, X-Amz-Signature, X-Amz-Date, X-Amz-SignedHeaders, and X-Amz-Expires parameters.',
  );
export const noDate = (): AwsError => accessDenied('AWS authentication requires a valid Date or x-amz-date header');
export const timeTooSkewed = (requestTime: string, nowMs: number): AwsError =>
  refusal(403, 'RequestTimeTooSkewed', 'The difference between the request time and the current time is too large.', {
    RequestTime: requestTime.slice(0, 64),
    ServerTime: formatDateTime(nowMs),
    MaxAllowedSkewMilliseconds: 900_000,
  });
export const expired = (expiresSeconds: number, signedAtMs: number, nowMs: number): AwsError =>
  accessDenied('Request has expired', {
    'X-Amz-Expires': expiresSeconds,
    Expires: formatDateTime(signedAtMs + expiresSeconds * 1000),
    ServerTime: formatDateTime(nowMs),
  });
export const notYetValid = (): AwsError => accessDenied('Request is not valid yet');
export const unsignedHeaders = (names: readonly string[]): AwsError =>
  accessDenied('There were headers present in the request which were not signed', {
    HeadersNotSigned: names.join(', ').slice(0, 1024),
  });
export const unknownAccessKey = (accessKeyId: string): AwsError =>
  refusal(403, 'InvalidAccessKeyId', 'The AWS Access Key Id you provided does not exist in our records.', {
    AWSAccessKeyId: accessKeyId.slice(0, 128),
  });
export const invalidToken = (): AwsError =>
  refusal(400, 'InvalidToken', 'The provided token is malformed or otherwise invalid.');
export const expiredToken = (): AwsError => refusal(400, 'ExpiredToken', 'The provided token has expired.');
export const missingContentHash = (): AwsError =>
  invalidRequest('Missing required header for this request: x-amz-content-sha256');
export const invalidContentHash = (value: string): AwsError =>
  invalidArgument(
    'x-amz-content-sha256',
    value.slice(0, 256),
    'x-amz-content-sha256 must be UNSIGNED-PAYLOAD, STREAMING-UNSIGNED-PAYLOAD-TRAILER, STREAMING-AWS4-HMAC-SHA256-PAYLOAD, STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER, STREAMING-AWS4-ECDSA-P256-SHA256-PAYLOAD, STREAMING-AWS4-ECDSA-P256-SHA256-PAYLOAD-TRAILER or a valid sha256 value.',
  );

const MISMATCH =
  'The request signature we calculated does not match the signature you provided. Check your key and signing method.';

interface Signed {
  readonly accessKeyId: string;
  readonly signature: string;
  readonly stringToSign: string;
  readonly canonical: string | undefined;
}

/** `50 55 54 …` */
function bytesShown(text: string): string {
  return Array.from(utf8.encode(text), (byte) => byte.toString(16).padStart(2, '0')).join(' ');
}

/** AWS gives back what it signed, so that a client's author can compare. */
export const signatureMismatch = ({ accessKeyId, signature, stringToSign, canonical }: Signed): AwsError =>
  refusal(403, 'SignatureDoesNotMatch', MISMATCH, {
    AWSAccessKeyId: accessKeyId.slice(0, 128),
    StringToSign: stringToSign,
    SignatureProvided: signature.slice(0, 256),
    StringToSignBytes: bytesShown(stringToSign),
    ...(canonical === undefined ? {} : { CanonicalRequest: canonical, CanonicalRequestBytes: bytesShown(canonical) }),
  });
export const chunkSignatureMismatch = (): AwsError => refusal(403, 'SignatureDoesNotMatch', MISMATCH);

export const missingContentLength = (): AwsError =>
  refusal(411, 'MissingContentLength', 'You must provide the Content-Length HTTP header.');
export const entityTooLarge = (proposed: number, max: number): AwsError =>
  refusal(400, 'EntityTooLarge', 'Your proposed upload exceeds the maximum allowed size', {
    ProposedSize: proposed,
    MaxSizeAllowed: max,
  });
export const incompleteBody = (): AwsError =>
  refusal(400, 'IncompleteBody', 'The request body terminated unexpectedly');
export const wrongLength = (expected: number, provided: number): AwsError =>
  refusal(
    400,
    'IncompleteBody',
    'You did not provide the number of bytes specified by the Content-Length HTTP header',
    {
      NumberBytesExpected: expected,
      NumberBytesProvided: provided,
    },
  );
export const requestTimeout = (): AwsError =>
  refusal(
    400,
    'RequestTimeout',
    'Your socket connection to the server was not read from or written to within the timeout period. Idle connections will be closed.',
  );
export const contentHashMismatch = (claimed: string, computed: string): AwsError =>
  refusal(
    400,
    'XAmzContentSHA256Mismatch',
    "The provided 'x-amz-content-sha256' header does not match what was computed.",
    {
      ClientComputedContentSHA256: claimed,
      S3ComputedContentSHA256: computed,
    },
  );
export const digestMissing = (): AwsError =>
  invalidRequest('Missing required header for this request: Content-MD5 OR x-amz-checksum-*');
export const invalidDigest = (value: string): AwsError =>
  refusal(400, 'InvalidDigest', 'The Content-MD5 you specified was invalid.', { 'Content-MD5': value.slice(0, 256) });
export const badMd5 = (expected: string, calculated: string): AwsError =>
  refusal(400, 'BadDigest', 'The Content-MD5 you specified did not match what we received.', {
    ExpectedDigest: expected,
    CalculatedDigest: calculated,
  });
export const badChecksum = (algorithm: string): AwsError =>
  refusal(400, 'BadDigest', `The ${algorithm} you specified did not match the calculated checksum.`);
export const invalidChecksum = (header: string): AwsError => invalidRequest(`Value for ${header} header is invalid.`);
export const severalChecksums = (): AwsError =>
  invalidRequest('Expecting a single x-amz-checksum- header. Multiple checksum Types are not allowed.');
export const announcedChecksumMissing = (): AwsError =>
  invalidRequest(
    'x-amz-sdk-checksum-algorithm specified, but no corresponding x-amz-checksum-* or x-amz-trailer headers were found.',
  );
export const checksumAndTrailer = (): AwsError => invalidRequest('Expecting a single x-amz-checksum- header');
export const unknownChecksumHeader = (): AwsError =>
  invalidRequest('The algorithm type you specified in x-amz-checksum- header is invalid.');
export const invalidTrailingChecksum = (header: string): AwsError =>
  invalidRequest(`Value for ${header} trailing header is invalid.`);
export const invalidTrailer = (): AwsError =>
  invalidRequest('The value specified in the x-amz-trailer header is not supported');
export const malformedTrailer = (): AwsError =>
  refusal(
    400,
    'MalformedTrailerError',
    'The request contained trailing data that was not well-formed or did not conform to our published schema.',
  );
export const chunkTooSmall = (chunk: number, bytes: number): AwsError =>
  refusal(403, 'InvalidChunkSizeError', 'Only the last chunk is allowed to have a size less than 8192 bytes', {
    Chunk: chunk,
    BadChunkSize: bytes,
  });
export const directoryBuckets = (): AwsError =>
  refusal(501, 'NotImplemented', 'Directory buckets (names that end with --x-s3) are not available on this server.');
/** What AWS says of a form where a bucket is posted to. */
export const notAForm = (): AwsError =>
  refusal(412, 'PreconditionFailed', 'At least one of the pre-conditions you specified did not hold', {
    Condition: 'Bucket POST must be of the enclosure-type multipart/form-data',
  });
