// REST-XML against the S3 client of the AWS SDK. S3's table is made for this test only: Eddy has no S3 yet, and the bucket, which S3
// takes from path or host, is taken away before the request arrives.
import { beforeAll, describe, test } from 'vitest';
import type { ServiceSchema } from '../../../src/wire/schema.ts';
import { type ServiceSettings, serviceTable } from '../../../tools/generate-wire.mjs';
import { type RoundTrips, roundTripper, XML_RULES } from './round-trip.ts';

const SETTINGS: ServiceSettings = { client: 's3', prefix: 's3', protocols: ['rest-xml'] };

/** Members that the client's own middleware fills, renames or checks, and not the serializer. */
const NOT_PLAIN =
  /^(Bucket|ContentMD5|Checksum.*|.*CustomerKey.*|Expires|ExpiresString|RequestPayer|ContentLength|ChecksumAlgorithm|CopySource|Metadata|Location|LocationConstraint)$/;

/** Operations whose body is a byte stream, which this harness does not imitate, or an event stream. */
const STREAMED = [
  'GetObject',
  'GetObjectAnnotation',
  'GetObjectTorrent',
  'SelectObjectContent',
  'WriteGetObjectResponse',
];
/** The SDK gives its Metadata even when no header has any. */
const FILLED_BY_SDK = ['HeadObject'];
/** S3 tells these from others by a parameter or the host, which is S3's own rule and not one of REST-XML. */
const TOLD_APART_BY_S3 = [
  ...[
    'CopyObject',
    'DeleteObject',
    'ListDirectoryBuckets',
    'ListObjectAnnotations',
    'ListObjects',
    'ListParts',
    'PutObject',
  ],
  ...['UploadPart', 'UploadPartCopy'],
  ...['ListBucketAnalyticsConfigurations', 'ListBucketIntelligentTieringConfigurations'],
  ...['ListBucketInventoryConfigurations', 'ListBucketMetricsConfigurations'],
];

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

describe('s3', async () => {
  const schema = plainMembersOnly(await serviceTable(SETTINGS));
  let roundTrip: (operation: string) => Promise<void>;

  beforeAll(async () => {
    const trips: RoundTrips = {
      clientName: 's3',
      schema,
      services: [schema],
      rules: XML_RULES,
      settings: {
        forcePathStyle: true,
        requestChecksumCalculation: 'WHEN_REQUIRED',
        responseChecksumValidation: 'WHEN_REQUIRED',
      },
      given: { Bucket: 'bucket' },
      arriving: (request) => ({ ...request, path: request.path.replace(/^\/bucket\/?/, '/') }),
    };
    roundTrip = await roundTripper(trips);
  });

  const left = new Set([...STREAMED, ...FILLED_BY_SDK, ...TOLD_APART_BY_S3]);
  const names = Object.keys(schema.operations).filter((name) => !left.has(name));
  test.each(names)('%s', (name) => roundTrip(name));
});
