// What a copy says about itself: headers and tags of the source, or of the request where its directives say REPLACE.

import { isRefused, type Refused, refuse } from '#model/aws-error.ts';
import type { CopyObjectInput } from '#wire/generated/s3.ts';
import type { BucketDoc } from './bucket.ts';
import type { FoundSource } from './copy-source.ts';
import { headerNotAvailable, invalidArgument } from './errors.ts';
import { readHeaders } from './object-headers.ts';
import type { ObjectHeaders, ObjectTag } from './state.ts';
import { parseTagging } from './tags.ts';

export interface CopyDraft {
  readonly key: string;
  readonly headers: ObjectHeaders;
  readonly tags: readonly ObjectTag[] | undefined;
}

export function draftOf(bucket: BucketDoc, { version }: FoundSource, input: CopyObjectInput): CopyDraft | Refused {
  const { Key: key = '', MetadataDirective = 'COPY', TaggingDirective = 'COPY' } = input;
  if (!isDirective(MetadataDirective)) {
    return refuse(invalidArgument('x-amz-metadata-directive', MetadataDirective, 'Unknown metadata directive.'));
  }
  if (!isDirective(TaggingDirective)) {
    return refuse(invalidArgument('x-amz-tagging-directive', TaggingDirective, 'Unknown tagging directive.'));
  }
  if (input.AnnotationDirective !== undefined) {
    return refuse(headerNotAvailable('x-amz-annotation-directive', input.AnnotationDirective));
  }
  const asked = readHeaders(bucket, input);
  if (isRefused(asked)) return asked;
  const tags = parseTagging(input.Tagging);
  if (isRefused(tags)) return tags;
  const { encryption: _of, ...kept } = version.headers ?? {};
  const encryption = asked.encryption === undefined ? {} : { encryption: asked.encryption };
  return {
    key,
    headers: MetadataDirective === 'REPLACE' ? asked : { ...kept, ...encryption },
    tags: TaggingDirective === 'REPLACE' ? tags : version.extra?.tags,
  };
}

const isDirective = (directive: string): boolean => directive === 'COPY' || directive === 'REPLACE';
