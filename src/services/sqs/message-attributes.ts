// Attributes that a client sends with a message, checked and brought into the stored form.
// AWS: "Message metadata" of the SQS developer guide; texts as AWS answers them (recorded by LocalStack's validated tests, 2023-11).

import { utf8Length } from '#base/bytes.ts';
import { type AwsError, isRefused, type Refused, refuse } from '#model/aws-error.ts';
import type { StoredAttribute } from '#model/stored-message.ts';
import type { MessageAttributeValue, MessageSystemAttributeValue } from '#wire/generated/sqs.ts';
import { invalidParameterValue } from './errors.ts';
import { limits } from './limits.ts';
import { FORBIDDEN_CHARACTERS_TEXT, hasForbiddenCharacters } from './message-characters.ts';

type Given = Readonly<Record<string, MessageAttributeValue>> | undefined;
type GivenSystem = Readonly<Record<string, MessageSystemAttributeValue>> | undefined;

const NAME = /^[A-Za-z0-9_\-.\u00c0-\u017f]+$/;
const RESERVED = /^(?:aws\.|amazon\.|\.)|\.$/i;
const TYPE = /^(?:String|Number|Binary)(?:\..+)?$/;
const NUMBER = /^[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?$/;

export function parseMessageAttributes(given: Given): readonly StoredAttribute[] | Refused {
  const names = given === undefined ? [] : Object.keys(given);
  if (names.length > limits.messageAttributesMax) {
    const text = `Number of message attributes [${names.length}] exceeds the allowed maximum [${limits.messageAttributesMax}].`;
    return refuse(invalidParameterValue(text));
  }
  const attributes: StoredAttribute[] = [];
  for (const name of names) {
    const attribute = parseAttribute(name, (given as NonNullable<Given>)[name] as MessageAttributeValue);
    if (isRefused(attribute)) return attribute;
    attributes.push(attribute);
  }
  return attributes;
}

/** AWSTraceHeader is the only system attribute that a client may send. */
export function parseSystemAttributes(given: GivenSystem): { readonly traceHeader?: string } | Refused {
  if (given === undefined) return {};
  for (const [name, value] of Object.entries(given)) {
    if (name !== 'AWSTraceHeader') {
      const text = `Message system attribute name '${name}' is invalid. Only AWSTraceHeader can be sent.`;
      return refuse(invalidParameterValue(text));
    }
    const problem = traceHeaderProblem(value);
    if (problem !== undefined) return refuse(invalidParameterValue(problem));
  }
  const { AWSTraceHeader } = given;
  return AWSTraceHeader === undefined ? {} : { traceHeader: AWSTraceHeader.StringValue as string };
}

/** AWS: "its type must be String and its value must be a correctly formatted X-Ray trace header string" (texts ours). */
function traceHeaderProblem(given: MessageSystemAttributeValue): string | undefined {
  if (given.DataType !== 'String' || given.StringValue === undefined || given.StringValue === '') {
    return "Message (system) attribute 'AWSTraceHeader' must contain a non-empty value of type 'String'.";
  }
  const { BinaryValue: binary, BinaryListValues: binaries = [], StringListValues: strings = [] } = given;
  if (binary !== undefined || binaries.length > 0 || strings.length > 0) {
    return "The message system attribute 'AWSTraceHeader' with type 'String' must use field 'StringValue'.";
  }
  return hasForbiddenCharacters(given.StringValue) ? FORBIDDEN_CHARACTERS_TEXT : undefined;
}

/** AWS counts names, types and values of attributes as part of the message. */
export function attributeBytes(attributes: readonly StoredAttribute[]): number {
  let bytes = 0;
  for (const { name, dataType, value } of attributes) {
    bytes += utf8Length(name) + utf8Length(dataType) + (typeof value === 'string' ? utf8Length(value) : value.length);
  }
  return bytes;
}

function parseAttribute(name: string, given: MessageAttributeValue): StoredAttribute | Refused {
  const problem = nameProblem(name) ?? typeProblem(given.DataType);
  if (problem !== undefined) return refuse(problem);
  const dataType = given.DataType as string;
  if (given.StringListValues !== undefined && given.StringListValues.length > 0)
    return refuse(listsNotImplemented(name));
  if (given.BinaryListValues !== undefined && given.BinaryListValues.length > 0)
    return refuse(listsNotImplemented(name));
  const [kind] = dataType.split('.', 1) as [string];
  if (kind === 'Binary') {
    if (given.BinaryValue === undefined || given.BinaryValue.length === 0) return refuse(emptyValue(name, dataType));
    if (given.StringValue !== undefined) return refuse(wrongField(name, dataType, 'BinaryValue'));
    return { name, dataType, value: given.BinaryValue };
  }
  if (given.StringValue === undefined || given.StringValue === '') return refuse(emptyValue(name, dataType));
  if (given.BinaryValue !== undefined) return refuse(wrongField(name, dataType, 'StringValue'));
  if (hasForbiddenCharacters(given.StringValue)) return refuse(invalidParameterValue(FORBIDDEN_CHARACTERS_TEXT));
  if (kind === 'Number' && !NUMBER.test(given.StringValue.trim())) {
    return refuse(invalidParameterValue(`Can't cast the value of message (user) attribute '${name}' to a number.`));
  }
  return { name, dataType, value: given.StringValue };
}

function nameProblem(name: string): AwsError | undefined {
  if (utf8Length(name) > limits.attributeNameBytesMax) {
    return invalidParameterValue('Message (user) attribute names must be shorter than 256 Bytes');
  }
  if (!NAME.test(name)) {
    return invalidParameterValue(
      'Message (user) attributes name can only contain upper and lower score characters, digits, periods, hyphens and underscores. ',
    );
  }
  // AWS: "must not have periods in a sequence"; SNS's text, SQS's is not known.
  if (name.includes('..')) {
    return invalidParameterValue("Message (user) attribute name can not have successive '.' character.");
  }
  if (!RESERVED.test(name)) return undefined;
  return invalidParameterValue(
    "You can't use message attribute names beginning with 'AWS.' or 'Amazon.'. These strings are reserved for internal use. Additionally, they cannot start or end with '.'.",
  );
}

function typeProblem(dataType: string | undefined): AwsError | undefined {
  if (dataType === undefined || dataType === '') return invalidParameterValue('Missing required parameter DataType');
  if (!TYPE.test(dataType)) {
    return invalidParameterValue(
      `Type for parameter MessageAttributes.Attribute_name.DataType must be prefixed with "String", "Binary", or "Number", but was: ${dataType}`,
    );
  }
  if (utf8Length(dataType) <= limits.attributeNameBytesMax) return undefined;
  return invalidParameterValue('Message (user) attribute types must be shorter than 256 Bytes');
}

function emptyValue(name: string, dataType: string): AwsError {
  return invalidParameterValue(
    `Message (user) attribute '${name}' must contain a non-empty value of type '${dataType}'.`,
  );
}

function wrongField(name: string, dataType: string, fieldName: string): AwsError {
  return invalidParameterValue(
    `The message attribute '${name}' with type '${dataType}' must use field '${fieldName}'.`,
  );
}

/** AWS: "Not implemented. Reserved for future use." */
function listsNotImplemented(name: string): AwsError {
  return invalidParameterValue(`Message (user) attribute '${name}' has a list value. List values are not implemented.`);
}
