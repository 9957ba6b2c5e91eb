"""Makes a delivery stream with boto3, puts records, and prints what boto3 was told as JSON."""

import json
import os

import boto3

endpoint = os.environ["ENDPOINT"]
firehose = boto3.client("firehose", endpoint_url=endpoint)
s3 = boto3.client("s3", endpoint_url=endpoint)
s3.create_bucket(Bucket="boto3")
firehose.create_delivery_stream(
    DeliveryStreamName="boto3",
    S3DestinationConfiguration={
        "RoleARN": "arn:aws:iam::000000000000:role/firehose",
        "BucketARN": "arn:aws:s3:::boto3",
        "BufferingHints": {"SizeInMBs": 1, "IntervalInSeconds": 60},
    },
)
batch = firehose.put_record_batch(DeliveryStreamName="boto3", Records=[{"Data": b"\xff\x00"}, {"Data": "text"}])
try:
    firehose.describe_delivery_stream(DeliveryStreamName="nothing")
    error = None
except firehose.exceptions.ResourceNotFoundException as caught:
    error = caught.response["Error"]
described = firehose.describe_delivery_stream(DeliveryStreamName="boto3")["DeliveryStreamDescription"]
print(
    json.dumps(
        {
            "failed": batch["FailedPutCount"],
            "ids": len({answer["RecordId"] for answer in batch["RequestResponses"]}),
            "error": error,
            "status": described["DeliveryStreamStatus"],
            "created": described["CreateTimestamp"].isoformat(),
        }
    )
)
