// The operations of vended log delivery, by AWS's names.

import {
  createDelivery,
  deleteDelivery,
  describeDeliveries,
  getDelivery,
  updateDeliveryConfiguration,
} from './operations/deliveries.ts';
import {
  deleteDeliveryDestinationPolicy,
  getDeliveryDestinationPolicy,
  putDeliveryDestinationPolicy,
} from './operations/destination-policies.ts';
import {
  deleteDeliveryDestination,
  describeDeliveryDestinations,
  getDeliveryDestination,
  putDeliveryDestination,
} from './operations/destinations.ts';
import {
  deleteDeliverySource,
  describeDeliverySources,
  getDeliverySource,
  putDeliverySource,
} from './operations/sources.ts';

export const vendedOperations = {
  CreateDelivery: createDelivery,
  DeleteDelivery: deleteDelivery,
  DeleteDeliveryDestination: deleteDeliveryDestination,
  DeleteDeliveryDestinationPolicy: deleteDeliveryDestinationPolicy,
  DeleteDeliverySource: deleteDeliverySource,
  DescribeDeliveries: describeDeliveries,
  DescribeDeliveryDestinations: describeDeliveryDestinations,
  DescribeDeliverySources: describeDeliverySources,
  GetDelivery: getDelivery,
  GetDeliveryDestination: getDeliveryDestination,
  GetDeliveryDestinationPolicy: getDeliveryDestinationPolicy,
  GetDeliverySource: getDeliverySource,
  PutDeliveryDestination: putDeliveryDestination,
  PutDeliveryDestinationPolicy: putDeliveryDestinationPolicy,
  PutDeliverySource: putDeliverySource,
  UpdateDeliveryConfiguration: updateDeliveryConfiguration,
};
