// Every operation of S3 through the S3 client of the AWS SDK: what it sends is what is read, what is written is what it reads.
import { beforeAll, describe, test } from 'vitest';
import { service as lambda } from '../../../src/wire/generated/lambda.ts';
import { service } from '../../../src/wire/generated/s3.ts';
import type { ServiceSchema } from '../../../src/wire/schema.ts';
import { type RoundTrips, roundTripper, XML_RULES } from './round-trip.ts';

/** Members that the client's own middleware fills, renames or checks, and not the serializer. */
const NOT_PLAIN =
  /^(ContentMD5|Checksum.*|.*CustomerKey.*|Expires|ExpiresString|RequestPayer|ContentLength|ChecksumAlgorithm|Metadata|LocationConstraint)$/;

/** Operations whose body is a byte stream, which this harness does not imitate, or an event stream. */
const STREAMED = [
  'GetObject',
  'GetObjectAnnotation',
  'GetObjectTorrent',
  'SelectObjectContent',
  // The SDK asks for a session first, at another address.
  'ListDirectoryBuckets',
  'WriteGetObjectResponse',
];
/** The SDK gives its Metadata even when no header has any. */
const FILLED_BY_SDK = ['HeadObject'];
function plainMembersOnly(schema: ServiceSchema): ServiceSchema {
  const shapes = Object.entries(schema.shapes).map(([name, shape]) => {
    if (shape.type !== 'structure') return [name, shape] as const;
    const members = Object.fromEntries(Object.entries(shape.members).filter(([member]) => !NOT_PLAIN.test(member)));
    return [
      name,
      { ...shape, members, required: (shape.required ?? []).filter((member) => !NOT_PLAIN.test(member)) },
    ] as const;
  });
  return { ...schema, shapes: Object.fromEntries(shapes) };
}

describe('s3', () => {
  const schema = plainMembersOnly(service);
  let roundTrip: (operation: string) => Promise<void>;

  beforeAll(async () => {
    const trips: RoundTrips = {
      clientName: 's3',
      schema,
      services: [lambda, schema],
      rules: XML_RULES,
      settings: {
        forcePathStyle: true,
        requestChecksumCalculation: 'WHEN_REQUIRED',
        responseChecksumValidation: 'WHEN_REQUIRED',
      },
      given: { Bucket: 'bucket' },
    };
    roundTrip = await roundTripper(trips);
  });

  const left = new Set([...STREAMED, ...FILLED_BY_SDK]);
  const names = Object.keys(schema.operations).filter((name) => !left.has(name));
  test.each(names)('%s', (name) => roundTrip(name));
});
