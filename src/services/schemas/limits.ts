// Numbers of the registry, with their source.

/** The Terraform provider's checks of the API's constraints (aws_schemas_registry, aws_schemas_schema). */
export const REGISTRY_NAME_MAX = 64;
export const SCHEMA_NAME_MAX = 385;
/** API model: __stringMin0Max256, __stringMin1Max100000, __stringMin0Max36, __stringMin20Max1600. */
export const DESCRIPTION_MAX = 256;
export const CONTENT_MAX = 100_000;
export const CLIENT_TOKEN_MAX = 36;
export const SOURCE_ARN_MIN = 20;
export const SOURCE_ARN_MAX = 1_600;
/** API model: Limit. What a page holds without one AWS does not say. */
export const PAGE_MAX = 100;
/** API model: __listOfGetDiscoveredSchemaVersionItemInput. */
export const SAMPLE_EVENTS_MAX = 10;
export const SAMPLE_EVENT_MAX = 100_000;
/** General reference, "Tagging": 50 tags, keys to 128 and values to 256 characters. */
export const TAGS_MAX = 50;
export const TAG_KEY_MAX = 128;
export const TAG_VALUE_MAX = 256;
/** Ours: no schema is nested deeper, and everything that walks one may rely on it. */
export const CONTENT_LEVELS_MAX = 255;

/** API reference, "Discover": events nested deeper than this are ignored. */
export const EVENT_LEVELS_MAX = 255;
/** No event is larger; kept here so that discovery holds by itself. */
export const EVENT_LENGTH_MAX = 1_000 * 1_024;
/** Ours: versions that discovery makes of one schema, and schemas that it makes in one account and region; AWS's quotas are 100 and 200. */
export const DISCOVERED_VERSIONS_MAX = 100;
export const DISCOVERED_SCHEMAS_MAX = { aws: 200, machine: 2_000 } as const;
/** User guide, "Amazon EventBridge quotas", Schema Registry: adjustable, and held only where AWS's quotas are. */
export const REGISTRIES_MAX = 10;
export const SCHEMAS_MAX = 100;
export const VERSIONS_MAX = 100;
export const DISCOVERERS_MAX = 10;
/** Ours: what discovery remembers and what may wait for it, per bus. */
export const FINGERPRINTS_MAX = 10_000;
export const WAITING_EVENTS_MAX = 200;
