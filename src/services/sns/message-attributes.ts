// Message attributes of a publish: AWS's rules for names, types and values, and their stored form.

import { utf8Length } from '#base/bytes.ts';
import { type AwsError, type Refused, refuse } from '#model/aws-error.ts';
import type { StoredAttribute } from '#model/stored-message.ts';
import type { MessageAttributeValue } from '#wire/generated/sns.ts';
import { attributeInvalid, memberMissing } from './errors.ts';
import { ATTRIBUTE_NAME_LENGTH_MAX } from './limits.ts';

/** The attributes as they are stored; `path` is where the request has them, for AWS's texts. */
export function readMessageAttributes(
  given: Readonly<Record<string, MessageAttributeValue>> | undefined,
  path: string,
): readonly StoredAttribute[] | Refused {
  const attributes: StoredAttribute[] = [];
  for (const [name, attribute] of Object.entries(given ?? {})) {
    const problem = nameProblem(name);
    if (problem !== undefined) return refuse(attributeInvalid(problem));
    const read = readAttribute(name, attribute, path);
    if ('code' in read) return refuse(read);
    attributes.push(read);
  }
  return attributes;
}

/** Bytes that count against the message's size: names, types and values. */
export function attributeBytes(attributes: readonly StoredAttribute[]): number {
  let bytes = 0;
  for (const { name, dataType, value } of attributes) {
    bytes += utf8Length(name) + utf8Length(dataType) + (typeof value === 'string' ? utf8Length(value) : value.length);
  }
  return bytes;
}

function readAttribute(name: string, attribute: MessageAttributeValue, path: string): StoredAttribute | AwsError {
  const { DataType: dataType, StringValue, BinaryValue } = attribute;
  if (dataType === undefined) return memberMissing(`${path}.${name}.member.dataType`);
  // AWS, "Message attributes": String, String.Array, Number, Binary, each with an optional label of the client's own.
  if (!/^(String|Number|Binary)(\.[^.].*)?$/.test(dataType)) {
    return attributeInvalid(
      `The message attribute '${name}' has an invalid message attribute type, the set of supported type prefixes is Binary, Number, and String.`,
    );
  }
  const isBinary = dataType.startsWith('Binary');
  const value = isBinary ? BinaryValue : StringValue;
  const hasOther = (isBinary ? StringValue : BinaryValue) !== undefined;
  if (value === undefined && hasOther) {
    const field = isBinary ? 'Binary' : 'String';
    return attributeInvalid(`The message attribute '${name}' with type '${dataType}' must use field '${field}'.`);
  }
  if (value === undefined || value.length === 0) {
    return attributeInvalid(
      `The message attribute '${name}' must contain non-empty message attribute value for message attribute type '${dataType}'.`,
    );
  }
  if (dataType.startsWith('Number') && !isNumber(value as string)) {
    return attributeInvalid(`Could not cast message attribute '${name}' value to number.`);
  }
  return { name, dataType, value };
}

function isNumber(text: string): boolean {
  return text.trim() !== '' && Number.isFinite(Number(text));
}

function nameProblem(name: string): string | undefined {
  if (name.length > ATTRIBUTE_NAME_LENGTH_MAX) return 'Length of message attribute name must be less than 256 bytes.';
  if (name === '') return 'Message attribute name can not be empty.';
  if (name.startsWith('.')) return "Invalid message attribute name starting with character '.' was found.";
  if (name.endsWith('.')) return "Invalid message attribute name ending with character '.' was found.";
  const foreign = /[^A-Za-z0-9_.-]/u.exec(name)?.[0];
  if (foreign !== undefined) {
    const code = (foreign.codePointAt(0) ?? 0).toString(16).toUpperCase();
    return `Invalid non-alphanumeric character '#x${code}' was found in the message attribute name. Can only include alphanumeric characters, hyphens, underscores, or dots.`;
  }
  if (name.includes('..')) return "Message attribute name can not have successive '.' character.";
  return undefined;
}
