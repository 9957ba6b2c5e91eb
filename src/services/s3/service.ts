// The room of S3: what answers, what is kept, what others may ask for.

import { defineService } from '#cell/service-definition.ts';
import { factBindings, tableBindings } from './apply.ts';
import { blobsListed, deleteUnused, listBlobs, UNUSED_TIMER } from './blobs.ts';
import { doors } from './doors.ts';
import { accessDenied } from './errors.ts';
import { createBucket } from './operations/create-bucket.ts';
import { deleteBucket } from './operations/delete-bucket.ts';
import { deleteObject } from './operations/delete-object.ts';
import { getObject } from './operations/get-object.ts';
import { headBucket } from './operations/head-bucket.ts';
import { headObject } from './operations/head-object.ts';
import { listBuckets } from './operations/list-buckets.ts';
import { listObjectsV2 } from './operations/list-objects-v2.ts';
import { putObject } from './operations/put-object.ts';
import { snapshot } from './snapshot.ts';
import { S3State } from './state.ts';

export const s3 = defineService<S3State>({
  name: 's3',
  createState: () => new S3State(),
  tables: tableBindings,
  facts: factBindings,
  operations: {
    CreateBucket: createBucket,
    DeleteBucket: deleteBucket,
    DeleteObject: deleteObject,
    GetObject: getObject,
    HeadBucket: headBucket,
    HeadObject: headObject,
    ListBuckets: listBuckets,
    ListObjectsV2: listObjectsV2,
    PutObject: putObject,
  },
  timers: { [UNUSED_TIMER]: deleteUnused },
  reactions: {
    blobsDeleted: () => {},
    blobsListed: (turn, _subject, outcome) => blobsListed(turn, outcome),
  },
  snapshot,
  resume: listBlobs,
  doors,
  accessDenied,
});
