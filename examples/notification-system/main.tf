# Critical notifications: a topic, a queue with a dead-letter queue, and a Python function that handles what arrives.
#
# There is nothing special about this file: take the `endpoints` block and the two test keys away, and it deploys to AWS.

terraform {
  required_version = ">= 1.5"

  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = "~> 5.0"
    }
  }
}

provider "aws" {
  region     = var.region
  access_key = "test"
  secret_key = "test"

  skip_credentials_validation = true
  skip_metadata_api_check     = true

  endpoints {
    cloudwatchlogs = var.endpoint
    iam            = var.endpoint
    lambda         = var.endpoint
    sns            = var.endpoint
    sqs            = var.endpoint
    sts            = var.endpoint
  }

  default_tags {
    tags = {
      Project = "notification-system"
    }
  }
}

data "aws_caller_identity" "current" {}

data "aws_region" "current" {}

# --- Queues -----------------------------------------------------------------------------------------------------------

resource "aws_sqs_queue" "dead_letters" {
  name                      = "critical-notification-queue-dlq"
  message_retention_seconds = 1209600

  tags = {
    Purpose = "what could not be handled"
  }
}

resource "aws_sqs_queue" "notifications" {
  name                       = "critical-notification-queue"
  delay_seconds              = 0
  max_message_size           = 262144
  message_retention_seconds  = 345600
  receive_wait_time_seconds  = 10
  visibility_timeout_seconds = 300

  redrive_policy = jsonencode({
    deadLetterTargetArn = aws_sqs_queue.dead_letters.arn
    maxReceiveCount     = 5
  })

  tags = {
    Purpose = "critical notifications"
  }
}

resource "aws_sqs_queue_redrive_allow_policy" "dead_letters" {
  queue_url = aws_sqs_queue.dead_letters.id

  redrive_allow_policy = jsonencode({
    redrivePermission = "byQueue"
    sourceQueueArns   = [aws_sqs_queue.notifications.arn]
  })
}

# --- Topic and subscription -------------------------------------------------------------------------------------------

resource "aws_sns_topic" "events" {
  name = "critical-application-events"

  tags = {
    Purpose = "critical application events"
  }
}

resource "aws_sns_topic_subscription" "notifications" {
  topic_arn = aws_sns_topic.events.arn
  protocol  = "sqs"
  endpoint  = aws_sqs_queue.notifications.arn
}

data "aws_iam_policy_document" "topic_may_send" {
  statement {
    sid       = "TopicMaySend"
    actions   = ["sqs:SendMessage"]
    resources = [aws_sqs_queue.notifications.arn]

    principals {
      type        = "Service"
      identifiers = ["sns.amazonaws.com"]
    }

    condition {
      test     = "ArnEquals"
      variable = "aws:SourceArn"
      values   = [aws_sns_topic.events.arn]
    }
  }
}

resource "aws_sqs_queue_policy" "notifications" {
  queue_url = aws_sqs_queue.notifications.id
  policy    = data.aws_iam_policy_document.topic_may_send.json
}

# --- Function ---------------------------------------------------------------------------------------------------------

data "aws_iam_policy_document" "lambda_may_assume" {
  statement {
    actions = ["sts:AssumeRole"]

    principals {
      type        = "Service"
      identifiers = ["lambda.amazonaws.com"]
    }
  }
}

resource "aws_iam_role" "handler" {
  name               = "critical-notification-handler"
  assume_role_policy = data.aws_iam_policy_document.lambda_may_assume.json
}

resource "aws_iam_role_policy_attachment" "basic_execution" {
  role       = aws_iam_role.handler.name
  policy_arn = "arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole"
}

data "aws_iam_policy_document" "handler_may_receive" {
  statement {
    actions   = ["sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes", "sqs:ChangeMessageVisibility"]
    resources = [aws_sqs_queue.notifications.arn]
  }
}

resource "aws_iam_policy" "handler_may_receive" {
  name   = "critical-notification-handler-queue"
  policy = data.aws_iam_policy_document.handler_may_receive.json
}

resource "aws_iam_role_policy_attachment" "handler_may_receive" {
  role       = aws_iam_role.handler.name
  policy_arn = aws_iam_policy.handler_may_receive.arn
}

resource "aws_cloudwatch_log_group" "handler" {
  name              = "/aws/lambda/critical-notification-handler"
  retention_in_days = 14
}

# Made by `python3 package.py`.
locals {
  package = "${path.module}/build/handler.zip"
}

resource "aws_lambda_function" "handler" {
  function_name    = "critical-notification-handler"
  role             = aws_iam_role.handler.arn
  runtime          = "python3.12"
  handler          = "handler.handler"
  filename         = local.package
  source_code_hash = filebase64sha256(local.package)
  timeout          = 30
  memory_size      = 128

  environment {
    variables = {
      STAGE     = var.stage
      LOG_LEVEL = "INFO"
    }
  }

  depends_on = [
    aws_cloudwatch_log_group.handler,
    aws_iam_role_policy_attachment.basic_execution,
  ]
}

resource "aws_lambda_event_source_mapping" "notifications" {
  event_source_arn = aws_sqs_queue.notifications.arn
  function_name    = aws_lambda_function.handler.arn
  batch_size       = 10
  enabled          = true

  depends_on = [aws_iam_role_policy_attachment.handler_may_receive]
}
