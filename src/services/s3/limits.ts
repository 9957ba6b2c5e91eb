// AWS's numbers, with where they come from.

/** S3 user guide, "Naming Amazon S3 objects": "The object key name … up to 1,024 bytes long" in UTF-8. */
export const KEY_BYTES_MAX = 1_024;
/** "Working with object metadata": "user-defined metadata is limited to 2 KB in size", names and values together. */
export const METADATA_BYTES_MAX = 2_048;
/** ListObjectsV2: "The action returns up to 1,000 key names. The response might contain fewer keys but will never contain more." */
export const LIST_KEYS_MAX = 1_000;
/** ListBuckets: MaxBuckets from 1 to 10000. */
export const LIST_BUCKETS_MAX = 10_000;
/** DeleteObjects: "The request can contain a list of up to 1,000 keys". */
export const DELETE_KEYS_MAX = 1_000;
/** "Amazon S3 multipart upload limits". */
export const PARTS_MAX = 10_000;
export const PART_BYTES_MIN = 5 * 1024 * 1024;
export const OBJECT_BYTES_MAX = 5 * 1024 * 1024 * 1024 * 1024;
/** PutObject and CopyObject: "5 GB in a single operation". */
export const SINGLE_BYTES_MAX = 5 * 1024 * 1024 * 1024;
/** "Categorizing your objects using tags": up to 10 tags, keys up to 128 and values up to 256 characters. */
export const OBJECT_TAGS_MAX = 10;
/** "Using cost allocation S3 bucket tags": up to 50. */
export const BUCKET_TAGS_MAX = 50;
export const TAG_KEY_MAX = 128;
export const TAG_VALUE_MAX = 256;
/** "Bucket policies are limited to 20 KB in size." */
export const POLICY_BYTES_MAX = 20 * 1024;
