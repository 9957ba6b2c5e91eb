// Uploads by browsers' forms (POST Object): from the request that brings one to the PutObject that it stands for, and back to the answer that
// the form asks for.

import { isRefused, type Refused, refuse } from '#model/aws-error.ts';
import type { RequestSignature } from '#model/request-signature.ts';
import type { IncomingBody } from '#runtime/http/exchange.ts';
import { type FormFile, type FormResult, type TakenForm, takeForm } from '#runtime/objects/form-body.ts';
import type { WireRequest, WireResponse } from '#wire/http-message.ts';
import { UPLOAD_BYTES_MAX } from '#wire/s3/body-plan.ts';
import { formAnswer } from '#wire/s3/form/form-answer.ts';
import { malformedForm } from '#wire/s3/form/form-refusals.ts';
import { formSignatureView } from '#wire/s3/form/form-signature.ts';
import type { LengthRange } from '#wire/s3/form/post-policy.ts';
import { type PostedForm, readPostedForm } from '#wire/s3/form/posted-form.ts';

/** A form whose fields are there, and whose file waits to be taken. */
export interface ArrivedForm extends PostedForm {
  readonly file: FormFile;
  /** As the client called it. */
  readonly bucketUrl: string;
  /** How it was signed. */
  readonly signature: RequestSignature | undefined;
}

/** Of a form whose policy says nothing about it. */
export const ANY_LENGTH: LengthRange = { min: 0, max: UPLOAD_BYTES_MAX };

/** Lets the fields come. `gone`: nobody is there to be answered. */
export function awaitForm(
  { headers }: WireRequest,
  incoming: IncomingBody | undefined,
  done: (taken: FormResult) => void,
): void {
  if (incoming === undefined) done(refuse(malformedForm()));
  else takeForm(incoming, headers['content-type'] ?? '', done);
}

/** What the fields ask for. */
export function readForm(
  { fields, file }: TakenForm,
  { request, bucket, baseUrl }: { readonly request: WireRequest; readonly bucket: string; readonly baseUrl: string },
): ArrivedForm | Refused {
  const form = readPostedForm(request, bucket, fields);
  // Where the host names the bucket, the path does not.
  const bucketUrl = request.path === '/' ? baseUrl : `${baseUrl}/${bucket}`;
  return isRefused(form) ? form : { ...form, file, bucketUrl, signature: formSignatureView(fields, Date.now()) };
}

/** What PutObject answers, as the form wants it. */
export function answerForm(form: ArrivedForm, put: WireResponse): WireResponse {
  return formAnswer(form, put, form.bucketUrl);
}
