// As whom CloudWatch Logs delivers logs of other services. AWS: CloudWatch Logs user guide, "Enable logging from AWS services".

export const DELIVERY_SERVICE = 'delivery.logs.amazonaws.com';
