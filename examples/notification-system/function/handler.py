"""Handles critical notifications: one SQS record each, with the SNS envelope around the application's event."""

import json
import logging
import os

logger = logging.getLogger()
logger.setLevel(os.environ.get("LOG_LEVEL", "INFO"))


def handle(record):
    envelope = json.loads(record["body"])
    event = json.loads(envelope["Message"])
    # An event without a source is nobody's: the error leaves the message in the queue, and after five receives it is a dead letter.
    source = event["EventSource"]
    logger.info(
        "critical notification from %s in %s: %s (subject: %s, receive %s)",
        source,
        os.environ["STAGE"],
        event["Message"],
        envelope.get("Subject"),
        record["attributes"]["ApproximateReceiveCount"],
    )


def handler(event, context):
    for record in event["Records"]:
        handle(record)
    return {"handled": len(event["Records"])}
