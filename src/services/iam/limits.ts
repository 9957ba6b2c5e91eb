// Numbers and patterns of IAM. AWS: IAM user guide, "IAM and AWS STS quotas" (default quotas), and the API reference.

export const ROLE_NAME_MAX = 64;
export const USER_NAME_MAX = 64;
export const POLICY_NAME_MAX = 128;
export const PATH_MAX = 512;
export const DESCRIPTION_MAX = 1000;
export const TAGS_MAX = 50;
export const TAG_KEY_MAX = 128;
export const TAG_VALUE_MAX = 256;
export const ARN_MIN = 20;
export const ARN_MAX = 2048;

export const NAME_PATTERN = '[\\w+=,.@-]+';
export const PATH_PATTERN = '(\\u002F)|(\\u002F[\\u0021-\\u007E]+\\u002F)';
export const DOCUMENT_PATTERN = '[\\u0009\\u000A\\u000D\\u0020-\\u00FF]+';
export const TAG_KEY_PATTERN = '[\\p{L}\\p{Z}\\p{N}_.:/=+\\-@]+';
export const TAG_VALUE_PATTERN = '[\\p{L}\\p{Z}\\p{N}_.:/=+\\-@]*';
export const VERSION_PATTERN = 'v[1-9][0-9]*(\\.[A-Za-z0-9-]*)?';
export const ACCESS_KEY_PATTERN = '[\\w]+';

export const SESSION_SECONDS_MIN = 3600;
export const SESSION_SECONDS_MAX = 43_200;

/** Largest document a client may send, of whatever kind. */
export const DOCUMENT_CHARACTERS_MAX = 131_072;
/** These count characters without white space. */
export const TRUST_POLICY_MAX = 2048;
export const ROLE_INLINE_POLICIES_MAX = 10_240;
export const USER_INLINE_POLICIES_MAX = 2048;
export const MANAGED_POLICY_MAX = 6144;

export const ATTACHED_POLICIES_MAX = 10;
export const POLICY_VERSIONS_MAX = 5;
export const ACCESS_KEYS_PER_USER_MAX = 2;

export const PAGE_DEFAULT = 100;
export const PAGE_MAX = 1000;
