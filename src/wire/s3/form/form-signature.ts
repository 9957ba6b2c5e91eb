// Who signed a form's policy: the fields of Signature Version 4, or those of version 2, which boto3 makes by default for an endpoint of one's
// own. AWS: S3 API reference, "Browser-Based Uploads Using POST", "Calculating a Signature"; user guide, "Browser-based uploads (Version 2)".

import { base64Encode } from '#base/base64.ts';
import type { Digest } from '#base/digest.ts';
import { type AwsError, isRefused, type Refused, refuse } from '#model/aws-error.ts';
import type { RequestSignature } from '#model/request-signature.ts';
import { ALGORITHM } from '../../credential.ts';
import type { SigningKeys } from '../../sigv4-keys.ts';
import { parseBasicDateTime } from '../../timestamps.ts';
import { invalidArgument, signatureMismatch } from '../refusals.ts';
import type { FormFields } from './form-fields.ts';
import { fieldMissing } from './form-refusals.ts';

export interface FormSignature {
  readonly accessKeyId: string;
  /** Undefined: version 2. */
  readonly scope: { readonly date: string; readonly region: string; readonly service: string } | undefined;
  readonly signature: string;
  readonly sessionToken: string | undefined;
  /** What is signed, as sent. */
  readonly policy: string;
}

const FIELDS_V4 = ['X-Amz-Signature', 'X-Amz-Algorithm', 'X-Amz-Credential', 'X-Amz-Date'];
const FIELDS_V2 = ['Signature', 'AWSAccessKeyId'];

/** Undefined when nobody signed it. All that is wrong with it whoever did is refused here. */
export function readFormSignature(fields: FormFields): FormSignature | undefined | Refused {
  const has = (name: string): boolean => fields.value(name.toLowerCase()) !== undefined;
  const names = [FIELDS_V4, FIELDS_V2].find((each) => each.some(has));
  if (names === undefined) return undefined;
  const missing = [...names, 'Policy'].find((name) => !has(name));
  if (missing !== undefined) return refuse(fieldMissing(missing));
  const policy = fields.value('policy') ?? '';
  const sessionToken = fields.value('x-amz-security-token');
  if (names === FIELDS_V4) return readVersion4(fields, { policy, sessionToken });
  const [accessKeyId = '', signature = ''] = [fields.value('awsaccesskeyid'), fields.value('signature')];
  return { accessKeyId, scope: undefined, signature, sessionToken, policy };
}

function readVersion4(
  fields: FormFields,
  given: Pick<FormSignature, 'policy' | 'sessionToken'>,
): FormSignature | Refused {
  const algorithm = fields.value('x-amz-algorithm') ?? '';
  if (algorithm !== ALGORITHM) {
    return refuse(invalidArgument('X-Amz-Algorithm', algorithm, `X-Amz-Algorithm only supports "${ALGORITHM}"`));
  }
  const date = fields.value('x-amz-date') ?? '';
  if (parseBasicDateTime(date) === undefined) {
    return refuse(invalidArgument('X-Amz-Date', date, 'X-Amz-Date must be formated via ISO8601 Long format'));
  }
  const credential = fields.value('x-amz-credential') ?? '';
  const found = /^(.*)\/([^/]*)\/([^/]*)\/([^/]*)\/([^/]*)$/.exec(credential);
  const [, accessKeyId = '', day = '', region = '', service = '', terminator = ''] = found ?? [];
  const wrong = credentialProblem({ isRead: found !== null, accessKeyId, day, region, service, terminator });
  if (wrong !== undefined) return refuse(invalidArgument('X-Amz-Credential', credential, wrong));
  const signature = fields.value('x-amz-signature') ?? '';
  return { accessKeyId, scope: { date: day, region, service }, signature, ...given };
}

interface CredentialParts {
  readonly isRead: boolean;
  readonly accessKeyId: string;
  readonly day: string;
  readonly region: string;
  readonly service: string;
  readonly terminator: string;
}

function credentialProblem(parts: CredentialParts): string | undefined {
  const { isRead, accessKeyId, day, region, service, terminator } = parts;
  if (!isRead) {
    return 'the Credential is mal-formed; expecting "<YOUR-AKID>/YYYYMMDD/REGION/SERVICE/aws4_request".';
  }
  if (accessKeyId === '') return 'a non-empty Access Key (AKID) must be provided in the credential.';
  if (!/^\d{8}$/.test(day)) {
    return `incorrect date format "${day.slice(0, 64)}". This date in the credential must be in the format "yyyyMMdd".`;
  }
  if (!/^[a-z0-9-]{1,64}$/.test(region)) return `the region '${region.slice(0, 64)}' is wrong`;
  if (service !== 's3') return `incorrect service "${service.slice(0, 64)}". This endpoint belongs to "s3".`;
  if (terminator !== 'aws4_request') {
    return `incorrect terminal "${terminator.slice(0, 64)}". This endpoint uses "aws4_request".`;
  }
  return undefined;
}

/** For the condition keys of policies. Undefined: nobody signed it. */
export function formSignatureView(fields: FormFields, nowMs: number): RequestSignature | undefined {
  const signature = readFormSignature(fields);
  if (signature === undefined || isRefused(signature)) return undefined;
  // AWS, of `s3:signatureAge`: "In Signature Version 2, this value is always set to 0."
  if (signature.scope === undefined) return { place: 'form', version: 'AWS', ageMs: 0, payload: undefined };
  const signedAtMs = parseBasicDateTime(fields.value('x-amz-date') ?? '') ?? nowMs;
  return { place: 'form', version: ALGORITHM, ageMs: Math.max(0, nowMs - signedAtMs), payload: undefined };
}

/** The policy is signed as it was sent, before anybody reads it. */
export function verifyForm(
  { accessKeyId, scope, signature, policy }: FormSignature,
  { digest, keys, secret }: { readonly digest: Digest; readonly keys: SigningKeys; readonly secret: string },
): AwsError | undefined {
  const expected =
    scope === undefined
      ? base64Encode(digest.hmacSha1(secret, policy))
      : digest.hmacSha256Hex(keys.key(accessKeyId, secret, scope), policy);
  if (digest.timingSafeEqual(expected, signature)) return undefined;
  return signatureMismatch({ accessKeyId, signature, stringToSign: policy, canonical: undefined });
}
