# Buckets with everything that Terraform configures of them, an object, and events that go to a queue, a topic, a function and the default bus.

terraform {
  required_providers {
    aws = { source = "hashicorp/aws" }
  }
}

variable "endpoint" { type = string }

variable "package" {
  description = "The function's code, as a zip file."
  type        = string
}

provider "aws" {
  region                      = "eu-central-1"
  access_key                  = "test"
  secret_key                  = "test"
  skip_credentials_validation = true
  skip_metadata_api_check     = true
  skip_requesting_account_id  = false
  s3_use_path_style           = true

  endpoints {
    iam    = var.endpoint
    lambda = var.endpoint
    s3     = var.endpoint
    sns    = var.endpoint
    sqs    = var.endpoint
    sts    = var.endpoint
  }

  default_tags {
    tags = { system = "shop" }
  }
}

data "aws_caller_identity" "me" {}

resource "aws_s3_bucket" "orders" {
  bucket        = "shop-orders"
  force_destroy = true
  tags          = { purpose = "orders" }
}

resource "aws_s3_bucket" "plain" {
  bucket_prefix = "shop-plain-"
}

resource "aws_s3_bucket_versioning" "orders" {
  bucket = aws_s3_bucket.orders.id
  versioning_configuration {
    status = "Enabled"
  }
}

resource "aws_s3_bucket_ownership_controls" "orders" {
  bucket = aws_s3_bucket.orders.id
  rule {
    object_ownership = "BucketOwnerPreferred"
  }
}

resource "aws_s3_bucket_acl" "orders" {
  bucket     = aws_s3_bucket.orders.id
  acl        = "private"
  depends_on = [aws_s3_bucket_ownership_controls.orders]
}

resource "aws_s3_bucket_public_access_block" "orders" {
  bucket                  = aws_s3_bucket.orders.id
  block_public_acls       = true
  block_public_policy     = true
  ignore_public_acls      = true
  restrict_public_buckets = false
}

resource "aws_s3_bucket_server_side_encryption_configuration" "orders" {
  bucket = aws_s3_bucket.orders.id
  rule {
    apply_server_side_encryption_by_default {
      sse_algorithm = "AES256"
    }
  }
}

resource "aws_s3_bucket_cors_configuration" "orders" {
  bucket = aws_s3_bucket.orders.id
  cors_rule {
    id              = "pages"
    allowed_headers = ["*"]
    allowed_methods = ["GET", "PUT"]
    allowed_origins = ["https://shop.example"]
    expose_headers  = ["ETag"]
    max_age_seconds = 600
  }
}

resource "aws_s3_bucket_lifecycle_configuration" "orders" {
  bucket     = aws_s3_bucket.orders.id
  depends_on = [aws_s3_bucket_versioning.orders]

  rule {
    id     = "temporary"
    status = "Enabled"
    filter {
      prefix = "tmp/"
    }
    expiration {
      days = 1
    }
    noncurrent_version_expiration {
      noncurrent_days           = 7
      newer_noncurrent_versions = 2
    }
  }
  rule {
    id     = "large-and-tagged"
    status = "Enabled"
    filter {
      and {
        prefix                   = "exports/"
        object_size_greater_than = 1000
        tags                     = { keep = "no" }
      }
    }
    expiration {
      days = 30
    }
  }
  rule {
    id     = "uploads"
    status = "Enabled"
    filter {}
    abort_incomplete_multipart_upload {
      days_after_initiation = 2
    }
  }
}

resource "aws_s3_bucket_policy" "orders" {
  bucket = aws_s3_bucket.orders.id
  policy = data.aws_iam_policy_document.orders.json
}

data "aws_iam_policy_document" "orders" {
  statement {
    sid       = "OnlyThisAccountReads"
    actions   = ["s3:GetObject"]
    resources = ["${aws_s3_bucket.orders.arn}/*"]
    principals {
      type        = "AWS"
      identifiers = ["arn:aws:iam::${data.aws_caller_identity.me.account_id}:root"]
    }
  }
}

resource "aws_s3_object" "greeting" {
  bucket       = aws_s3_bucket.orders.id
  key          = "greetings/hello world.txt"
  content      = "hello"
  content_type = "text/plain"
  metadata     = { language = "en" }
  tags         = { kind = "greeting" }
  depends_on   = [aws_s3_bucket_versioning.orders, aws_s3_bucket_notification.orders]
}

resource "aws_sqs_queue" "orders" {
  name   = "bucket-events"
  policy = data.aws_iam_policy_document.queue.json
}

data "aws_iam_policy_document" "queue" {
  statement {
    actions   = ["sqs:SendMessage"]
    resources = ["arn:aws:sqs:eu-central-1:${data.aws_caller_identity.me.account_id}:bucket-events"]
    principals {
      type        = "Service"
      identifiers = ["s3.amazonaws.com"]
    }
    condition {
      test     = "ArnEquals"
      variable = "aws:SourceArn"
      values   = [aws_s3_bucket.orders.arn]
    }
  }
}

resource "aws_sns_topic" "orders" {
  name   = "bucket-events"
  policy = data.aws_iam_policy_document.topic.json
}

data "aws_iam_policy_document" "topic" {
  statement {
    actions   = ["sns:Publish"]
    resources = ["arn:aws:sns:eu-central-1:${data.aws_caller_identity.me.account_id}:bucket-events"]
    principals {
      type        = "Service"
      identifiers = ["s3.amazonaws.com"]
    }
    condition {
      test     = "StringEquals"
      variable = "aws:SourceAccount"
      values   = [data.aws_caller_identity.me.account_id]
    }
  }
}

# A function whose code is an object, and which is told of objects.

resource "aws_iam_role" "watcher" {
  name = "watcher"
  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Action    = "sts:AssumeRole"
      Principal = { Service = "lambda.amazonaws.com" }
    }]
  })
}

resource "aws_iam_role_policy_attachment" "watcher" {
  role       = aws_iam_role.watcher.name
  policy_arn = "arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole"
}

resource "aws_s3_object" "code" {
  bucket = aws_s3_bucket.plain.id
  key    = "code/watcher.zip"
  source = var.package
  etag   = filemd5(var.package)
}

resource "aws_lambda_function" "watcher" {
  function_name = "watcher"
  role          = aws_iam_role.watcher.arn
  runtime       = "nodejs20.x"
  handler       = "index.handler"
  s3_bucket     = aws_s3_object.code.bucket
  s3_key        = aws_s3_object.code.key
}

resource "aws_lambda_permission" "watcher" {
  statement_id   = "AllowBucket"
  action         = "lambda:InvokeFunction"
  function_name  = aws_lambda_function.watcher.function_name
  principal      = "s3.amazonaws.com"
  source_arn     = aws_s3_bucket.orders.arn
  source_account = data.aws_caller_identity.me.account_id
}

resource "aws_s3_bucket_notification" "orders" {
  bucket      = aws_s3_bucket.orders.id
  eventbridge = true

  queue {
    id            = "texts"
    queue_arn     = aws_sqs_queue.orders.arn
    events        = ["s3:ObjectCreated:*", "s3:ObjectTagging:*"]
    filter_prefix = "greetings/"
    filter_suffix = ".txt"
  }
  topic {
    topic_arn = aws_sns_topic.orders.arn
    events    = ["s3:ObjectRemoved:*"]
  }
  lambda_function {
    lambda_function_arn = aws_lambda_function.watcher.arn
    events              = ["s3:ObjectCreated:*"]
    filter_prefix       = "watched/"
  }

  depends_on = [aws_lambda_permission.watcher]
}

resource "aws_s3_object_copy" "watched" {
  bucket     = aws_s3_bucket.orders.id
  key        = "watched/copy.txt"
  source     = "${aws_s3_bucket.orders.id}/${aws_s3_object.greeting.key}"
  depends_on = [aws_s3_bucket_notification.orders]

  # Otherwise the tags of the source come along, and are not what is written here.
  tagging_directive = "REPLACE"
}

output "bucket" { value = aws_s3_bucket.orders.bucket }
output "queue_url" { value = aws_sqs_queue.orders.url }
output "version_id" { value = aws_s3_object.greeting.version_id }
output "etag" { value = aws_s3_object.greeting.etag }
