// How a request was signed, as policies may ask for it: `s3:authType`, `s3:signatureversion`, `s3:signatureAge`, `s3:x-amz-content-sha256`.

export interface RequestSignature {
  readonly place: 'header' | 'query' | 'form';
  /** As S3 names them: version 2 and version 4. */
  readonly version: 'AWS' | 'AWS4-HMAC-SHA256';
  /** Since it was made. */
  readonly ageMs: number;
  /** The header `x-amz-content-sha256`. */
  readonly payload: string | undefined;
}
