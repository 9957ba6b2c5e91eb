# The audit stream, and the way of the clicks: stream, delivery, files by kind of click.

resource "aws_kinesis_stream" "audit" {
  name             = "audit"
  shard_count      = 2
  retention_period = 168
}

resource "aws_kinesis_stream" "clicks" {
  name        = "clicks"
  shard_count = 2
}

resource "aws_s3_bucket" "lake" {
  bucket        = var.bucket
  force_destroy = true
}

resource "aws_kinesis_firehose_delivery_stream" "clicks" {
  name        = "clicks-to-lake"
  destination = "extended_s3"

  kinesis_source_configuration {
    kinesis_stream_arn = aws_kinesis_stream.clicks.arn
    role_arn           = aws_iam_role.clicks.arn
  }

  extended_s3_configuration {
    role_arn            = aws_iam_role.clicks.arn
    bucket_arn          = aws_s3_bucket.lake.arn
    prefix              = "clicks/kind=!{partitionKeyFromQuery:kind}/!{timestamp:yyyy/MM/dd}/"
    error_output_prefix = "clicks-errors/!{firehose:error-output-type}/"
    buffering_size      = 64
    buffering_interval  = var.clicks_buffer_seconds
    compression_format  = "GZIP"

    dynamic_partitioning_configuration {
      enabled = true
    }

    processing_configuration {
      enabled = true

      processors {
        type = "MetadataExtraction"

        parameters {
          parameter_name  = "JsonParsingEngine"
          parameter_value = "JQ-1.6"
        }

        parameters {
          parameter_name  = "MetadataExtractionQuery"
          parameter_value = "{kind:.kind}"
        }
      }

      processors {
        type = "AppendDelimiterToRecord"
      }
    }
  }

  depends_on = [aws_iam_role_policy.clicks]
}
