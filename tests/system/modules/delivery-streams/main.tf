# What Terraform's provider knows of delivery streams and Eddy does: applied, planned again, changed, destroyed by delivery-streams.test.ts.

terraform {
  required_providers {
    aws = { source = "hashicorp/aws" }
  }
}

variable "endpoint" {
  type = string
}

variable "size" {
  type = string
}

variable "function_zip" {
  type = string
}

provider "aws" {
  region                      = "us-east-1"
  access_key                  = "test"
  secret_key                  = "test"
  skip_credentials_validation = true
  skip_metadata_api_check     = true
  s3_use_path_style           = true

  endpoints {
    firehose = var.endpoint
    iam      = var.endpoint
    kinesis  = var.endpoint
    lambda   = var.endpoint
    s3       = var.endpoint
    schemas  = var.endpoint
    sts      = var.endpoint
  }
}

resource "aws_s3_bucket" "lake" {
  bucket        = "lake"
  force_destroy = true
}

resource "aws_iam_role" "firehose" {
  name = "firehose"

  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Action    = "sts:AssumeRole"
      Principal = { Service = ["firehose.amazonaws.com", "lambda.amazonaws.com"] }
    }]
  })
}

resource "aws_iam_role_policy" "firehose" {
  name = "firehose"
  role = aws_iam_role.firehose.id

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect   = "Allow"
      Action   = ["s3:PutObject", "s3:GetBucketLocation", "lambda:InvokeFunction", "kinesis:*"]
      Resource = "*"
    }]
  })
}

resource "aws_lambda_function" "transform" {
  function_name    = "transform"
  filename         = var.function_zip
  source_code_hash = filebase64sha256(var.function_zip)
  handler          = "index.handler"
  runtime          = "nodejs20.x"
  role             = aws_iam_role.firehose.arn
}

resource "aws_kinesis_stream" "clicks" {
  name        = "clicks"
  shard_count = 1
}

resource "aws_kinesis_firehose_delivery_stream" "orders" {
  name        = "orders"
  destination = "extended_s3"
  tags        = { team = "shop" }

  extended_s3_configuration {
    role_arn            = aws_iam_role.firehose.arn
    bucket_arn          = aws_s3_bucket.lake.arn
    buffering_size      = tonumber(var.size)
    buffering_interval  = 60
    prefix              = "orders/customer=!{partitionKeyFromQuery:customer}/!{timestamp:yyyy}/"
    error_output_prefix = "errors/!{firehose:error-output-type}/"
    compression_format  = "GZIP"
    custom_time_zone    = "Europe/Berlin"
    file_extension      = ".json.gz"

    dynamic_partitioning_configuration {
      enabled = true
    }

    processing_configuration {
      enabled = true

      processors {
        type = "RecordDeAggregation"
        parameters {
          parameter_name  = "SubRecordType"
          parameter_value = "JSON"
        }
      }

      processors {
        type = "Lambda"
        parameters {
          parameter_name  = "LambdaArn"
          parameter_value = "${aws_lambda_function.transform.arn}:$LATEST"
        }
      }

      processors {
        type = "MetadataExtraction"
        parameters {
          parameter_name  = "JsonParsingEngine"
          parameter_value = "JQ-1.6"
        }
        parameters {
          parameter_name  = "MetadataExtractionQuery"
          parameter_value = "{customer:.customer}"
        }
      }

      processors {
        type = "AppendDelimiterToRecord"
      }
    }

    s3_backup_mode = "Enabled"

    s3_backup_configuration {
      role_arn   = aws_iam_role.firehose.arn
      bucket_arn = aws_s3_bucket.lake.arn
      prefix     = "source/"
    }
  }
}

resource "aws_kinesis_firehose_delivery_stream" "clicks" {
  name        = "clicks"
  destination = "http_endpoint"

  kinesis_source_configuration {
    kinesis_stream_arn = aws_kinesis_stream.clicks.arn
    role_arn           = aws_iam_role.firehose.arn
  }

  http_endpoint_configuration {
    url                = "https://partner.example/in"
    name               = "Partner"
    access_key         = "hidden"
    buffering_size     = 15
    buffering_interval = 600
    role_arn           = aws_iam_role.firehose.arn
    s3_backup_mode     = "FailedDataOnly"
    retry_duration     = 600

    s3_configuration {
      role_arn           = aws_iam_role.firehose.arn
      bucket_arn         = aws_s3_bucket.lake.arn
      compression_format = "GZIP"
    }

    request_configuration {
      content_encoding = "GZIP"

      common_attributes {
        name  = "stage"
        value = "test"
      }
    }
  }
}

resource "aws_schemas_registry" "shop" {
  name = "shop"
}

resource "aws_schemas_schema" "orders" {
  name          = "orders"
  registry_name = aws_schemas_registry.shop.name
  type          = "JSONSchemaDraft4"

  content = jsonencode({
    "$schema"  = "http://json-schema.org/draft-04/schema#"
    type       = "object"
    properties = { id = { type = "integer" }, customer = { type = "string" } }
  })
}

resource "aws_kinesis_firehose_delivery_stream" "tables" {
  name        = "tables"
  destination = "extended_s3"

  extended_s3_configuration {
    role_arn           = aws_iam_role.firehose.arn
    bucket_arn         = aws_s3_bucket.lake.arn
    buffering_size     = tonumber(var.size)
    buffering_interval = 60
    prefix             = "tables/"

    data_format_conversion_configuration {
      input_format_configuration {
        deserializer {
          open_x_json_ser_de {
            column_to_json_key_mappings = { customer = "customerName" }
          }
        }
      }

      output_format_configuration {
        serializer {
          parquet_ser_de {
            compression = "GZIP"
          }
        }
      }

      schema_configuration {
        database_name = aws_schemas_registry.shop.name
        table_name    = aws_schemas_schema.orders.name
        role_arn      = aws_iam_role.firehose.arn
      }
    }
  }
}

resource "aws_kinesis_firehose_delivery_stream" "logs" {
  name        = "logs"
  destination = "splunk"

  splunk_configuration {
    hec_endpoint               = "https://splunk.example:8088"
    hec_token                  = "51D4DA16-C61B-4F5F-8EC7-ED4301342A4A"
    hec_acknowledgment_timeout = 600
    hec_endpoint_type          = "Event"
    s3_backup_mode             = "FailedEventsOnly"
    buffering_interval         = 30

    s3_configuration {
      role_arn            = aws_iam_role.firehose.arn
      bucket_arn          = aws_s3_bucket.lake.arn
      prefix              = "splunk/"
      error_output_prefix = "splunk-errors/!{firehose:error-output-type}/"
      buffering_size      = 10
      buffering_interval  = 400
      compression_format  = "GZIP"
    }

    cloudwatch_logging_options {
      enabled         = true
      log_group_name  = "/aws/kinesisfirehose/logs"
      log_stream_name = "delivery"
    }
  }
}

resource "aws_kinesis_firehose_delivery_stream" "search" {
  name        = "search"
  destination = "opensearch"

  opensearch_configuration {
    cluster_endpoint      = "https://search.example"
    role_arn              = aws_iam_role.firehose.arn
    index_name            = "orders"
    index_rotation_period = "OneHour"
    retry_duration        = 60
    s3_backup_mode        = "AllDocuments"

    document_id_options {
      default_document_id_format = "NO_DOCUMENT_ID"
    }

    s3_configuration {
      role_arn   = aws_iam_role.firehose.arn
      bucket_arn = aws_s3_bucket.lake.arn
    }

    processing_configuration {
      enabled = true

      processors {
        type = "Lambda"
        parameters {
          parameter_name  = "LambdaArn"
          parameter_value = "${aws_lambda_function.transform.arn}:$LATEST"
        }
        parameters {
          parameter_name  = "BufferIntervalInSeconds"
          parameter_value = "70"
        }
        parameters {
          parameter_name  = "BufferSizeInMBs"
          parameter_value = "2"
        }
      }
    }
  }
}

resource "aws_kinesis_firehose_delivery_stream" "elastic" {
  name        = "elastic"
  destination = "elasticsearch"

  elasticsearch_configuration {
    cluster_endpoint = "https://elastic.example"
    role_arn         = aws_iam_role.firehose.arn
    index_name       = "orders"
    type_name        = "order"

    s3_configuration {
      role_arn   = aws_iam_role.firehose.arn
      bucket_arn = aws_s3_bucket.lake.arn
    }
  }
}

resource "aws_kinesis_firehose_delivery_stream" "warehouse" {
  name        = "warehouse"
  destination = "redshift"

  redshift_configuration {
    role_arn           = aws_iam_role.firehose.arn
    cluster_jdbcurl    = "jdbc:redshift://warehouse.example:5439/shop"
    username           = "loader"
    password           = "T3stPass"
    data_table_name    = "orders"
    copy_options       = "delimiter '|'"
    data_table_columns = "id,customer"
    s3_backup_mode     = "Enabled"

    s3_configuration {
      role_arn           = aws_iam_role.firehose.arn
      bucket_arn         = aws_s3_bucket.lake.arn
      buffering_size     = 10
      buffering_interval = 400
      compression_format = "GZIP"
    }

    s3_backup_configuration {
      role_arn           = aws_iam_role.firehose.arn
      bucket_arn         = aws_s3_bucket.lake.arn
      buffering_size     = 15
      buffering_interval = 300
    }
  }
}

output "arn" {
  value = aws_kinesis_firehose_delivery_stream.orders.arn
}
