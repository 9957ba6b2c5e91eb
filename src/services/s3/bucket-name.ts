// AWS: S3 user guide, "General purpose bucket naming rules".

const FORM = /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/;
const IP_ADDRESS = /^\d{1,3}(\.\d{1,3}){3}$/;
/** `amzn-s3-demo-` is reserved, too; AWS's documentation uses it in examples that people try, so it is taken here. */
const PREFIXES = ['xn--', 'sthree-'];
const SUFFIXES = ['-s3alias', '--ol-s3', '.mrap', '--x-s3', '--table-s3'];

export function isBucketName(name: string): boolean {
  if (!FORM.test(name) || IP_ADDRESS.test(name) || name.includes('..')) return false;
  return !PREFIXES.some((prefix) => name.startsWith(prefix)) && !SUFFIXES.some((suffix) => name.endsWith(suffix));
}
