"""Listens to a shard with boto3 until the record "last" has come; prints what it was given as JSON."""

import json
import os

import boto3

client = boto3.client("kinesis", endpoint_url=os.environ["ENDPOINT"])
reply = client.subscribe_to_shard(
    ConsumerARN=os.environ["CONSUMER"],
    ShardId="shardId-000000000000",
    StartingPosition={"Type": "TRIM_HORIZON"},
)
texts = []
events = 0
for event in reply["EventStream"]:
    content = event["SubscribeToShardEvent"]
    events += 1
    texts += [record["Data"].decode() for record in content["Records"]]
    if events == 1:
        client.put_record(StreamName="orders", PartitionKey="k", Data=b"last")
    if texts[-1:] == ["last"]:
        break
reply["EventStream"].close()
print(json.dumps({"texts": texts, "behind": content["MillisBehindLatest"], "next": content["ContinuationSequenceNumber"]}))
