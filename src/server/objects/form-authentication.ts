// Who posts a form, and whether its policy lets it pass. The policy's signature is the form's only credential; the modes are those of
// `s3-authentication.ts`. What a policy says holds in every mode: it takes no secret to read it.

import type { Digest } from '#base/digest.ts';
import { type AwsError, isRefused } from '#model/aws-error.ts';
import { type FormSignature, readFormSignature, verifyForm } from '#wire/s3/form/form-signature.ts';
import { lengthRangeOf, policyProblem, readPolicy } from '#wire/s3/form/post-policy.ts';
import type { PostedForm } from '#wire/s3/form/posted-form.ts';
import { accessDenied, expiredToken, invalidToken, unknownAccessKey } from '#wire/s3/refusals.ts';
import { SigningKeys } from '#wire/sigv4-keys.ts';
import { type AccountKey, type Caller, callerWith } from '../caller.ts';
import type { S3AuthenticationOptions } from './s3-authentication.ts';

export class FormAuthentication {
  private readonly keys: SigningKeys;
  private readonly digest: Digest;

  constructor(private readonly options: Omit<S3AuthenticationOptions, 'verifier'> & { readonly digest: Digest }) {
    this.digest = options.digest;
    this.keys = new SigningKeys(options.digest);
  }

  callerOf(form: PostedForm): Caller | AwsError {
    const caller = this.signerOf(form);
    if ('code' in caller) return caller;
    const encoded = form.fields.value('policy');
    if (encoded === undefined) return caller;
    const policy = readPolicy(encoded);
    if (isRefused(policy)) return policy.refused;
    const problem = policyProblem(policy, form, this.options.wallMs());
    if (problem !== undefined) return problem;
    const lengthRange = lengthRangeOf(policy);
    return lengthRange === undefined ? caller : { ...caller, lengthRange };
  }

  private signerOf({ fields }: PostedForm): Caller | AwsError {
    const { isStrict, isEnforced, keys, unsigned, unknown, onMismatch } = this.options;
    const signature = readFormSignature(fields);
    if (isRefused(signature)) return signature.refused;
    // Where permissions are enforced, policies say what nobody may do.
    if (signature === undefined) return isStrict && !isEnforced ? accessDenied() : unsigned;
    const { accessKeyId, scope } = signature;
    const region = scope?.region ?? '';
    const key = keys(accessKeyId);
    if (key === undefined) return isStrict ? unknownAccessKey(accessKeyId) : unknown({ accessKeyId, region });
    const caller = callerWith(key, { region });
    const refused = this.signatureProblem(signature, key);
    if (refused === undefined) return caller;
    if (isStrict || isEnforced) return refused;
    onMismatch(accessKeyId, refused);
    return caller;
  }

  private signatureProblem(signature: FormSignature, key: AccountKey): AwsError | undefined {
    const { digest, keys } = this;
    const { secret, sessionToken, expiresAtMs } = key;
    const mismatch = verifyForm(signature, { digest, keys, secret });
    if (mismatch !== undefined) return mismatch;
    if (!this.isSameToken(sessionToken, signature.sessionToken)) return invalidToken();
    return expiresAtMs !== undefined && expiresAtMs <= this.options.cellMs() ? expiredToken() : undefined;
  }

  private isSameToken(own: string | undefined, sent: string | undefined): boolean {
    if (own === undefined || sent === undefined) return own === sent;
    return this.digest.timingSafeEqual(own, sent);
  }
}
