# Readers and writers of streams as Terraform's provider knows them: a function, a pipe, a rule, a schedule, a log group and a topic; applied, planned again, destroyed by
# stream-readers.test.ts. The function's code is an object.

terraform {
  required_providers {
    aws = { source = "hashicorp/aws" }
  }
}

variable "endpoint" {
  type = string
}

variable "code" {
  description = "The function's package."
  type        = string
}

provider "aws" {
  region                      = "us-east-1"
  access_key                  = "test"
  secret_key                  = "test"
  skip_credentials_validation = true
  skip_metadata_api_check     = true
  s3_use_path_style           = true

  endpoints {
    events    = var.endpoint
    firehose  = var.endpoint
    iam       = var.endpoint
    kinesis   = var.endpoint
    lambda    = var.endpoint
    logs      = var.endpoint
    pipes     = var.endpoint
    s3        = var.endpoint
    scheduler = var.endpoint
    sns       = var.endpoint
    sqs       = var.endpoint
    sts       = var.endpoint
  }
}

resource "aws_kinesis_stream" "orders" {
  name        = "orders"
  shard_count = 2
}

resource "aws_kinesis_stream" "signals" {
  name        = "signals"
  shard_count = 1
}

resource "aws_sqs_queue" "failed" {
  name = "failed"
}

resource "aws_sqs_queue" "piped" {
  name = "piped"
}

resource "aws_s3_bucket" "artifacts" {
  bucket        = "artifacts"
  force_destroy = true
}

resource "aws_s3_object" "code" {
  bucket = aws_s3_bucket.artifacts.bucket
  key    = "reader.zip"
  source = var.code
  etag   = filemd5(var.code)
}

# One role for all: who may assume it differs in life.
resource "aws_iam_role" "worker" {
  name = "worker"

  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect = "Allow"
      Action = "sts:AssumeRole"
      Principal = {
        Service = [
          "lambda.amazonaws.com", "pipes.amazonaws.com", "events.amazonaws.com", "scheduler.amazonaws.com",
          "logs.amazonaws.com", "sns.amazonaws.com", "firehose.amazonaws.com"
        ]
      }
    }]
  })
}

resource "aws_iam_role_policy" "worker" {
  role = aws_iam_role.worker.name

  policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = ["kinesis:*", "sqs:*", "s3:*", "firehose:*", "logs:*"], Resource = "*" }]
  })
}

resource "aws_lambda_function" "reader" {
  function_name = "reader"
  role          = aws_iam_role.worker.arn
  runtime       = "python3.12"
  handler       = "app.handler"
  s3_bucket     = aws_s3_object.code.bucket
  s3_key        = aws_s3_object.code.key
  depends_on    = [aws_iam_role_policy.worker]
}

resource "aws_lambda_function_event_invoke_config" "reader" {
  function_name          = aws_lambda_function.reader.function_name
  maximum_retry_attempts = 0

  destination_config {
    on_failure {
      destination = aws_s3_bucket.artifacts.arn
    }
  }
}

resource "aws_lambda_event_source_mapping" "orders" {
  event_source_arn                   = aws_kinesis_stream.orders.arn
  function_name                      = aws_lambda_function.reader.arn
  starting_position                  = "TRIM_HORIZON"
  batch_size                         = 50
  maximum_batching_window_in_seconds = 1
  parallelization_factor             = 2
  maximum_retry_attempts             = 1
  maximum_record_age_in_seconds      = 3600
  bisect_batch_on_function_error     = true
  function_response_types            = ["ReportBatchItemFailures"]

  destination_config {
    on_failure {
      destination_arn = aws_sqs_queue.failed.arn
    }
  }

  filter_criteria {
    filter {
      pattern = jsonencode({ data = { kind = ["order"] } })
    }
  }
}

resource "aws_lambda_event_source_mapping" "signals" {
  event_source_arn           = aws_kinesis_stream.signals.arn
  function_name              = "${aws_lambda_function.reader.arn}:$LATEST"
  starting_position          = "LATEST"
  tumbling_window_in_seconds = 60
  enabled                    = false
}

resource "aws_pipes_pipe" "orders" {
  name     = "orders"
  role_arn = aws_iam_role.worker.arn
  source   = aws_kinesis_stream.orders.arn
  target   = aws_sqs_queue.piped.arn

  source_parameters {
    kinesis_stream_parameters {
      starting_position                  = "TRIM_HORIZON"
      batch_size                         = 5
      maximum_batching_window_in_seconds = 1
      maximum_retry_attempts             = 3
      maximum_record_age_in_seconds      = 600
      parallelization_factor             = 2
      on_partial_batch_item_failure      = "AUTOMATIC_BISECT"

      dead_letter_config {
        arn = aws_sqs_queue.failed.arn
      }
    }
  }

  target_parameters {
    input_template = "{\"n\":<$.data.n>}"
  }

  depends_on = [aws_iam_role_policy.worker]
}

resource "aws_cloudwatch_event_rule" "sold" {
  name          = "sold"
  event_pattern = jsonencode({ source = ["shop"] })
}

resource "aws_cloudwatch_event_target" "signals" {
  rule     = aws_cloudwatch_event_rule.sold.name
  arn      = aws_kinesis_stream.signals.arn
  role_arn = aws_iam_role.worker.arn

  kinesis_target {
    partition_key_path = "$.detail.customer"
  }
}

resource "aws_scheduler_schedule" "tick" {
  name                = "tick"
  schedule_expression = "rate(1 day)"

  flexible_time_window {
    mode = "OFF"
  }

  target {
    arn      = aws_kinesis_stream.signals.arn
    role_arn = aws_iam_role.worker.arn
    input    = "tick"

    kinesis_parameters {
      partition_key = "clock"
    }
  }
}

resource "aws_cloudwatch_log_group" "shop" {
  name = "/shop/web"
}

resource "aws_cloudwatch_log_subscription_filter" "errors" {
  name            = "errors"
  log_group_name  = aws_cloudwatch_log_group.shop.name
  filter_pattern  = "ERROR"
  destination_arn = aws_kinesis_stream.signals.arn
  role_arn        = aws_iam_role.worker.arn
  distribution    = "Random"
  depends_on      = [aws_iam_role_policy.worker]
}

resource "aws_kinesis_firehose_delivery_stream" "archive" {
  name        = "archive"
  destination = "extended_s3"

  extended_s3_configuration {
    role_arn           = aws_iam_role.worker.arn
    bucket_arn         = aws_s3_bucket.artifacts.arn
    buffering_size     = 1
    buffering_interval = 60
  }
}

resource "aws_sns_topic" "news" {
  name = "news"
}

resource "aws_sns_topic_subscription" "archive" {
  topic_arn             = aws_sns_topic.news.arn
  protocol              = "firehose"
  endpoint              = aws_kinesis_firehose_delivery_stream.archive.arn
  subscription_role_arn = aws_iam_role.worker.arn
  raw_message_delivery  = true
}

output "mapping" {
  value = aws_lambda_event_source_mapping.orders.uuid
}

output "topic" {
  value = aws_sns_topic.news.arn
}
