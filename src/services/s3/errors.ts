// Refusals of S3. Codes, statuses and texts: S3 API reference, "Error responses", "List of error codes"; where AWS's replies say it in other
// words, as they are recorded in public test suites (LocalStack's snapshots). Members stand in the error's document beside code and message.

import { type AwsError, clientError } from '#model/aws-error.ts';

type Members = Readonly<Record<string, string | number>>;

const error = (status: number, code: string, message: string, members: Members = {}): AwsError =>
  clientError(code, message, { status, members });

export const accessDenied = (reason = 'Access Denied'): AwsError => error(403, 'AccessDenied', reason);

export const noSuchBucket = (bucket: string): AwsError =>
  error(404, 'NoSuchBucket', 'The specified bucket does not exist', { BucketName: bucket });
export const bucketExists = (bucket: string): AwsError =>
  error(
    409,
    'BucketAlreadyExists',
    'The requested bucket name is not available. The bucket namespace is shared by all users of the system. Please select a different name and try again.',
    { BucketName: bucket },
  );
export const bucketOwnedByYou = (bucket: string): AwsError =>
  error(
    409,
    'BucketAlreadyOwnedByYou',
    'Your previous request to create the named bucket succeeded and you already own it.',
    { BucketName: bucket },
  );
export const bucketNotEmpty = (bucket: string, hasVersions: boolean): AwsError =>
  error(
    409,
    'BucketNotEmpty',
    hasVersions
      ? 'The bucket you tried to delete is not empty. You must delete all versions in the bucket.'
      : 'The bucket you tried to delete is not empty',
    { BucketName: bucket },
  );
export const invalidBucketName = (bucket: string): AwsError =>
  error(400, 'InvalidBucketName', 'The specified bucket is not valid.', { BucketName: bucket });
export const invalidBucketAcl = (): AwsError =>
  error(
    400,
    'InvalidBucketAclWithObjectOwnership',
    "Bucket cannot have ACLs set with ObjectOwnership's BucketOwnerEnforced setting",
  );
export const aclNotSupported = (): AwsError =>
  error(400, 'AccessControlListNotSupported', 'The bucket does not allow ACLs');
export const illegalLocation = (constraint: string): AwsError =>
  error(
    400,
    'IllegalLocationConstraintException',
    `The ${constraint} location constraint is incompatible for the region specific endpoint this request was sent to.`,
  );
export const invalidLocation = (constraint: string): AwsError =>
  error(400, 'InvalidLocationConstraint', 'The specified location-constraint is not valid', {
    LocationConstraint: constraint,
  });

export const noSuchKey = (key: string): AwsError =>
  error(404, 'NoSuchKey', 'The specified key does not exist.', { Key: key });
export const noSuchVersion = (key: string, versionId: string): AwsError =>
  error(404, 'NoSuchVersion', 'The specified version does not exist.', { Key: key, VersionId: versionId });
export const noSuchUpload = (uploadId: string): AwsError =>
  error(
    404,
    'NoSuchUpload',
    'The specified upload does not exist. The upload ID may be invalid, or the upload may have been aborted or completed.',
    { UploadId: uploadId },
  );
export const keyTooLong = (bytes: number, max: number): AwsError =>
  error(400, 'KeyTooLongError', 'Your key is too long', { Size: bytes, MaxSizeAllowed: max });
export const metadataTooLarge = (bytes: number, max: number): AwsError =>
  error(400, 'MetadataTooLarge', 'Your metadata headers exceed the maximum allowed metadata size', {
    Size: bytes,
    MaxSizeAllowed: max,
  });
export const methodNotAllowed = (method: string): AwsError =>
  error(405, 'MethodNotAllowed', 'The specified method is not allowed against this resource.', {
    Method: method,
    ResourceType: 'DeleteMarker',
  });

export const preconditionFailed = (condition: string): AwsError =>
  error(412, 'PreconditionFailed', 'At least one of the pre-conditions you specified did not hold', {
    Condition: condition,
  });
export const conditionNotImplemented = (headers: string, why: string): AwsError =>
  error(501, 'NotImplemented', 'A header you provided implies functionality that is not implemented', {
    Header: headers,
    additionalMessage: why,
  });
export const notModified = (headers: Readonly<Record<string, string>>): AwsError => ({
  ...error(304, 'NotModified', 'Not Modified'),
  headers,
});
export const invalidRange = (range: string, bytes: number): AwsError =>
  error(416, 'InvalidRange', 'The requested range is not satisfiable', {
    RangeRequested: range,
    ActualObjectSize: bytes,
  });
export const invalidPartNumber = (part: number, parts: number): AwsError =>
  error(416, 'InvalidPartNumber', 'The requested partnumber is not satisfiable', {
    ActualPartCount: parts,
    PartNumberRequested: part,
  });

export const invalidArgument = (name: string, value: string, text: string): AwsError =>
  error(400, 'InvalidArgument', text, { ArgumentName: name, ArgumentValue: value });
export const invalidRequest = (text: string): AwsError => error(400, 'InvalidRequest', text);
export const malformedXml = (): AwsError =>
  error(
    400,
    'MalformedXML',
    'The XML you provided was not well-formed or did not validate against our published schema',
  );
export const noVersioning = (): AwsError =>
  error(400, 'IllegalVersioningConfigurationException', 'The Versioning element must be specified');
export const invalidTag = (text: string, members: Members = {}): AwsError => error(400, 'InvalidTag', text, members);
export const badRequest = (text: string): AwsError => error(400, 'BadRequest', text);
export const invalidStorageClass = (storageClass: string): AwsError =>
  error(400, 'InvalidStorageClass', 'The storage class you specified is not valid', {
    StorageClassRequested: storageClass,
  });
export const entityTooLarge = (bytes: number, max: number): AwsError =>
  error(400, 'EntityTooLarge', 'Your proposed upload exceeds the maximum allowed size', {
    ProposedSize: bytes,
    MaxSizeAllowed: max,
  });

/** A header of AWS's that is not done here: refused by name rather than stored and ignored. The text is AWS's own. */
export const headerNotAvailable = (header: string, value: string): AwsError =>
  error(501, 'NotImplemented', 'A header you provided implies functionality that is not implemented', {
    Header: header,
    ResourceId: value.slice(0, 200),
  });
/** A configuration of AWS's that is not done here. */
export const notAvailable = (what: string): AwsError =>
  error(501, 'NotImplemented', `${what} is not available on this server.`);

export const invalidPart = (part: number, eTag: string, uploadId: string): AwsError =>
  error(
    400,
    'InvalidPart',
    "One or more of the specified parts could not be found.  The part may not have been uploaded, or the specified entity tag may not match the part's entity tag.",
    { UploadId: uploadId, PartNumber: part, ETag: eTag },
  );
export const invalidPartOrder = (uploadId: string): AwsError =>
  error(
    400,
    'InvalidPartOrder',
    'The list of parts was not in ascending order. Parts must be ordered by part number.',
    { UploadId: uploadId },
  );
export const entityTooSmall = (part: number, bytes: number, eTag: string, min: number): AwsError =>
  error(400, 'EntityTooSmall', 'Your proposed upload is smaller than the minimum allowed size', {
    ETag: eTag,
    MinSizeAllowed: min,
    PartNumber: part,
    ProposedSize: bytes,
  });
export const badWholeDigest = (algorithm: string): AwsError =>
  error(400, 'BadDigest', `The ${algorithm.toLowerCase()} you specified did not match the calculated checksum.`);
export const badPartDigest = (algorithm: string, part: number): AwsError =>
  error(
    400,
    'BadDigest',
    `The ${algorithm.toLowerCase()} you specified for part ${part} did not match what we received.`,
  );
export const checksumTypeMismatch = (expected: string, actual: string): AwsError =>
  invalidRequest(
    `Checksum Type mismatch occurred, expected checksum Type: ${expected}, actual checksum Type: ${actual}`,
  );
export const copyToItself = (): AwsError =>
  invalidRequest(
    "This copy request is illegal because it is trying to copy an object to itself without changing the object's metadata, storage class, website redirect location or encryption attributes.",
  );
export const copyOfMarker = (): AwsError =>
  invalidRequest('The source of a copy request may not specifically refer to a delete marker by version id.');
export const copyTooLarge = (max: number): AwsError =>
  invalidRequest(`The specified copy source is larger than the maximum allowable size for a copy source: ${max}`);

// "No such configuration", one for each.
const missing = (code: string, text: string) => (bucket: string) => error(404, code, text, { BucketName: bucket });

export const noBucketPolicy = missing('NoSuchBucketPolicy', 'The bucket policy does not exist');
export const noTagSet = missing('NoSuchTagSet', 'The TagSet does not exist');
export const noCors = missing('NoSuchCORSConfiguration', 'The CORS configuration does not exist');
export const noLifecycle = missing('NoSuchLifecycleConfiguration', 'The lifecycle configuration does not exist');
export const noWebsite = missing(
  'NoSuchWebsiteConfiguration',
  'The specified bucket does not have a website configuration',
);
export const noReplication = missing(
  'ReplicationConfigurationNotFoundError',
  'The replication configuration was not found',
);
export const noObjectLock = missing(
  'ObjectLockConfigurationNotFoundError',
  'Object Lock configuration does not exist for this bucket',
);
export const noPublicAccessBlock = missing(
  'NoSuchPublicAccessBlockConfiguration',
  'The public access block configuration was not found',
);
export const noOwnershipControls = missing(
  'OwnershipControlsNotFoundError',
  'The bucket ownership controls were not found',
);
export const noConfiguration = (): AwsError =>
  error(404, 'NoSuchConfiguration', 'The specified configuration does not exist.');
export const noObjectLockOnBucket = (): AwsError => invalidRequest('Bucket is missing Object Lock Configuration');
export const malformedPolicy = (text: string): AwsError => error(400, 'MalformedPolicy', text);

/** No bucket here has Object Lock. */
export const bypassNotApplicable = (): AwsError =>
  clientError(
    'InvalidArgument',
    'x-amz-bypass-governance-retention is only applicable to Object Lock enabled buckets.',
    { members: { ArgumentName: 'x-amz-bypass-governance-retention' } },
  );
export const conditionalConflict = (condition: string, key: string): AwsError =>
  error(
    409,
    'ConditionalRequestConflict',
    'The conditional request cannot succeed due to a conflicting operation against this resource.',
    { Condition: condition, Key: key },
  );
