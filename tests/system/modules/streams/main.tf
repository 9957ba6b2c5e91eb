# Everything of Kinesis Data Streams that Terraform's provider knows and Eddy does: applied, planned again, changed, destroyed by streams.test.ts.

terraform {
  required_providers {
    aws = { source = "hashicorp/aws" }
  }
}

variable "endpoint" {
  type = string
}

variable "shards" {
  type = string
}

variable "retention" {
  type = string
}

provider "aws" {
  region                      = "us-east-1"
  access_key                  = "test"
  secret_key                  = "test"
  skip_credentials_validation = true
  skip_metadata_api_check     = true

  endpoints {
    iam     = var.endpoint
    kinesis = var.endpoint
    sts     = var.endpoint
  }
}

resource "aws_kinesis_stream" "orders" {
  name                = "orders"
  shard_count         = tonumber(var.shards)
  retention_period    = tonumber(var.retention)
  shard_level_metrics = ["IncomingBytes", "OutgoingRecords"]
  tags                = { team = "shop" }
}

resource "aws_kinesis_stream" "clicks" {
  name = "clicks"

  stream_mode_details {
    stream_mode = "ON_DEMAND"
  }
}

resource "aws_kinesis_stream_consumer" "dashboard" {
  name       = "dashboard"
  stream_arn = aws_kinesis_stream.orders.arn
}

resource "aws_kinesis_resource_policy" "orders" {
  resource_arn = aws_kinesis_stream.orders.arn

  policy = jsonencode({
    Version = "2012-10-17"
    Id      = "partner"
    Statement = [{
      Sid       = "write"
      Effect    = "Allow"
      Principal = { AWS = "arn:aws:iam::111122223333:root" }
      Action    = ["kinesis:DescribeStreamSummary", "kinesis:ListShards", "kinesis:PutRecord", "kinesis:PutRecords"]
      Resource  = aws_kinesis_stream.orders.arn
    }]
  })
}

data "aws_kinesis_stream" "orders" {
  name = aws_kinesis_stream.orders.name
}

output "stream" {
  value = aws_kinesis_stream.orders.arn
}

output "open_shards" {
  value = tostring(length(data.aws_kinesis_stream.orders.open_shards))
}
