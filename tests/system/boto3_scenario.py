"""One ordinary day of a boto3 user, told as JSON lines: what was done, and what came back. Its test compares the lines."""

import json
import os
import time

import boto3
from botocore.exceptions import ClientError

clients = {name: boto3.client(name, endpoint_url=os.environ["ENDPOINT"]) for name in ("sqs", "sns", "sts", "iam", "logs")}
sqs, sns, sts, iam, logs = clients.values()


def tell(what, value):
    print(json.dumps({what: value}))


tell("account", sts.get_caller_identity()["Account"])

queue = sqs.create_queue(QueueName="boto3", Attributes={"VisibilityTimeout": "45"})["QueueUrl"]
tell("attribute", sqs.get_queue_attributes(QueueUrl=queue, AttributeNames=["VisibilityTimeout"])["Attributes"])

binary = {"DataType": "Binary", "BinaryValue": b"\x00\xff"}
text = {"DataType": "String", "StringValue": "blue"}
# boto3 compares the checksums of body and attributes itself, and raises when they differ.
sqs.send_message(QueueUrl=queue, MessageBody="Grüße, 世界 🌍", MessageAttributes={"bytes": binary, "colour": text})
(message,) = sqs.receive_message(QueueUrl=queue, MessageAttributeNames=["All"], AttributeNames=["All"])["Messages"]
tell("body", message["Body"])
tell("colour", message["MessageAttributes"]["colour"]["StringValue"])
tell("bytes", list(message["MessageAttributes"]["bytes"]["BinaryValue"]))
tell("receives", message["Attributes"]["ApproximateReceiveCount"])
sqs.delete_message(QueueUrl=queue, ReceiptHandle=message["ReceiptHandle"])

entries = [{"Id": str(i), "MessageBody": f"batch {i}"} for i in range(10)]
tell("batch", len(sqs.send_message_batch(QueueUrl=queue, Entries=entries)["Successful"]))
received = sqs.receive_message(QueueUrl=queue, MaxNumberOfMessages=10)["Messages"]
handles = [{"Id": str(i), "ReceiptHandle": one["ReceiptHandle"]} for i, one in enumerate(received)]
tell("deleted", len(sqs.delete_message_batch(QueueUrl=queue, Entries=handles)["Successful"]))

fifo = sqs.create_queue(QueueName="boto3.fifo", Attributes={"FifoQueue": "true", "ContentBasedDeduplication": "true"})["QueueUrl"]
for body in ("one", "two", "two", "three"):
    sqs.send_message(QueueUrl=fifo, MessageBody=body, MessageGroupId="group")
ordered = sqs.receive_message(QueueUrl=fifo, MaxNumberOfMessages=10)["Messages"]
tell("in order, once", [one["Body"] for one in ordered])

topic = sns.create_topic(Name="boto3")["TopicArn"]
arn = sqs.get_queue_attributes(QueueUrl=queue, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
sns.subscribe(TopicArn=topic, Protocol="sqs", Endpoint=arn, Attributes={"RawMessageDelivery": "true"})
sns.publish(TopicArn=topic, Message="raw", MessageAttributes={"n": {"DataType": "Number", "StringValue": "7"}})
(raw,) = sqs.receive_message(QueueUrl=queue, MessageAttributeNames=["n"], WaitTimeSeconds=5)["Messages"]
tell("raw", [raw["Body"], raw["MessageAttributes"]["n"]["StringValue"]])

iam.create_role(RoleName="boto3", AssumeRolePolicyDocument=json.dumps({
    "Version": "2012-10-17",
    "Statement": [{"Effect": "Allow", "Principal": {"AWS": "000000000000"}, "Action": "sts:AssumeRole"}],
}))
session = sts.assume_role(RoleArn="arn:aws:iam::000000000000:role/boto3", RoleSessionName="day")["Credentials"]
as_role = boto3.client("sts", endpoint_url=os.environ["ENDPOINT"], aws_access_key_id=session["AccessKeyId"],
                       aws_secret_access_key=session["SecretAccessKey"], aws_session_token=session["SessionToken"])
tell("role", as_role.get_caller_identity()["Arn"])

logs.create_log_group(logGroupName="boto3")
logs.create_log_stream(logGroupName="boto3", logStreamName="s")
now = int(time.time() * 1000)
logs.put_log_events(logGroupName="boto3", logStreamName="s", logEvents=[{"timestamp": now, "message": "hello"}])
tell("log", [event["message"] for event in logs.filter_log_events(logGroupName="boto3")["events"]])

try:
    sqs.get_queue_url(QueueName="missing")
except sqs.exceptions.QueueDoesNotExist as error:
    tell("error", [error.response["Error"]["Code"], error.response["ResponseMetadata"]["HTTPStatusCode"]])

try:
    iam.create_group(GroupName="g")
except ClientError as error:
    tell("not there", [error.response["Error"]["Code"], error.response["ResponseMetadata"]["HTTPStatusCode"]])

pages = sqs.get_paginator("list_queues").paginate(PaginationConfig={"PageSize": 1})
tell("pages", [url.rsplit("/", 1)[1] for page in pages for url in page.get("QueueUrls", [])])
