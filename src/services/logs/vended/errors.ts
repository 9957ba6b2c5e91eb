// What the operations of vended log delivery refuse. Texts as recorded of AWS (LocalStack, tests/aws/services/logs/test_logs_delivery.snapshot.json)
// or as moto has them from there (logs/models.py), where not said otherwise.

import { type AwsError, clientError } from '#model/aws-error.ts';

export const validation = (text: string): AwsError => clientError('ValidationException', text);
const missing = (text: string): AwsError => clientError('ResourceNotFoundException', text);
const conflict = (text: string): AwsError => clientError('ConflictException', text);

export const sourceDoesNotExist = (): AwsError => missing('Requested Delivery Source does not exist in this account.');
export const destinationDoesNotExist = (): AwsError =>
  missing('Requested Delivery Destination does not exist in this account.');
export const deliveryDoesNotExist = (): AwsError => missing('Requested Delivery does not exist in this account.');
export const serviceNotAccessible = (): AwsError => missing('Cannot access provided service.');

export const logTypeNotAllowed = (): AwsError => validation('This service is not allowed for this LogSource.');
export const tagsOnUpdate = (): AwsError =>
  conflict('Tags can only be provided when a resource is being created, not updated.');
export const otherResource = (): AwsError =>
  conflict(
    'Update to existing Delivery Source with new ResourceId is not allowed. Please create a new Delivery Source instead.',
  );
export const otherFormat = (): AwsError =>
  validation(
    'Update to existing Delivery Destination with new Output Format is not allowed. Please create a new Delivery Destination instead.',
  );
export const deliveryExists = (): AwsError => conflict('The specified Delivery already exists');
export const sameDestinationType = (): AwsError =>
  conflict('Delivery already exists for this Delivery Source with the same Delivery Destination Type.');

/** As reported of AWS (KensioSoftware/yulin 1003). */
export const invalidSuffixPath = (): AwsError => validation('Provided suffixPath is invalid');

/** Texts of ours: AWS's are not published. */
export const resourceNotAccessible = (): AwsError => missing('Cannot access provided resource.');
export const onlyForBuckets = (): AwsError =>
  validation('s3DeliveryConfiguration is only valid when the Delivery Destination is an S3 bucket.');
export const otherType = (arn: string, type: string): AwsError =>
  validation(`The resource ${arn} is not of the deliveryDestinationType ${type}.`);
export const usedByDelivery = (what: string): AwsError =>
  conflict(`The ${what} cannot be deleted while a Delivery uses it.`);
export const notAvailable = (what: string): AwsError => validation(`${what} is not available on this server.`);
