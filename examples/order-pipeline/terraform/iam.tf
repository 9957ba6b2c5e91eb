# Roles: each may do what its job needs, to what it needs.

# --- Functions: charging puts events and reports what it could not charge; notifying fills two queues; the senders empty them -------------

resource "aws_iam_role" "charge" {
  name = "order-pipeline-charge"

  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = { Service = "lambda.amazonaws.com" }
      Action    = "sts:AssumeRole"
    }]
  })
}

resource "aws_iam_role_policy" "charge" {
  name = "order-pipeline-charge"
  role = aws_iam_role.charge.id

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Effect   = "Allow"
        Action   = ["logs:CreateLogStream", "logs:PutLogEvents"]
        Resource = ["${aws_cloudwatch_log_group.charge.arn}:*"]
      },
      {
        Effect   = "Allow"
        Action   = "events:PutEvents"
        Resource = aws_cloudwatch_event_bus.shop.arn
      },
      {
        Effect   = "Allow"
        Action   = "sqs:SendMessage"
        Resource = aws_sqs_queue.payment_failures.arn
      },
    ]
  })
}

resource "aws_iam_role" "notify" {
  name = "order-pipeline-notify"

  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = { Service = "lambda.amazonaws.com" }
      Action    = "sts:AssumeRole"
    }]
  })
}

resource "aws_iam_role_policy" "notify" {
  name = "order-pipeline-notify"
  role = aws_iam_role.notify.id

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Effect   = "Allow"
        Action   = ["logs:CreateLogStream", "logs:PutLogEvents"]
        Resource = ["${aws_cloudwatch_log_group.notify.arn}:*"]
      },
      {
        Effect   = "Allow"
        Action   = "sqs:SendMessage"
        Resource = [aws_sqs_queue.email.arn, aws_sqs_queue.sms.arn]
      },
    ]
  })
}

resource "aws_iam_role" "senders" {
  name = "order-pipeline-senders"

  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = { Service = "lambda.amazonaws.com" }
      Action    = "sts:AssumeRole"
    }]
  })
}

resource "aws_iam_role_policy" "senders" {
  name = "order-pipeline-senders"
  role = aws_iam_role.senders.id

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Effect   = "Allow"
        Action   = ["logs:CreateLogStream", "logs:PutLogEvents"]
        Resource = ["${aws_cloudwatch_log_group.send_email.arn}:*", "${aws_cloudwatch_log_group.send_sms.arn}:*"]
      },
      {
        Effect   = "Allow"
        Action   = ["sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes"]
        Resource = [aws_sqs_queue.email.arn, aws_sqs_queue.sms.arn]
      },
    ]
  })
}

# --- The rule that writes to the audit stream ------------------------------------------------------------------------------------------

resource "aws_iam_role" "events" {
  name = "order-pipeline-events"

  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = { Service = "events.amazonaws.com" }
      Action    = "sts:AssumeRole"
    }]
  })
}

resource "aws_iam_role_policy" "events" {
  name = "order-pipeline-events"
  role = aws_iam_role.events.id

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect   = "Allow"
      Action   = "kinesis:PutRecord"
      Resource = aws_kinesis_stream.audit.arn
    }]
  })
}

# --- The delivery of clicks --------------------------------------------------------------------------------------------------------------

resource "aws_iam_role" "clicks" {
  name = "order-pipeline-clicks"

  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = { Service = "firehose.amazonaws.com" }
      Action    = "sts:AssumeRole"
    }]
  })
}

resource "aws_iam_role_policy" "clicks" {
  name = "order-pipeline-clicks"
  role = aws_iam_role.clicks.id

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Effect   = "Allow"
        Action   = ["kinesis:DescribeStream", "kinesis:DescribeStreamSummary", "kinesis:GetShardIterator", "kinesis:GetRecords", "kinesis:ListShards"]
        Resource = aws_kinesis_stream.clicks.arn
      },
      {
        Effect   = "Allow"
        Action   = ["s3:AbortMultipartUpload", "s3:GetBucketLocation", "s3:GetObject", "s3:ListBucket", "s3:ListBucketMultipartUploads", "s3:PutObject"]
        Resource = [aws_s3_bucket.lake.arn, "${aws_s3_bucket.lake.arn}/*"]
      },
    ]
  })
}

# --- The services: a container with this role -----------------------------------------------------------------------------------------------

resource "aws_iam_role" "services" {
  name = "order-pipeline-services"

  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = { Service = "ecs-tasks.amazonaws.com" }
      Action    = "sts:AssumeRole"
    }]
  })
}

resource "aws_iam_policy" "services" {
  name = "order-pipeline-services"

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Effect = "Allow"
        Action = ["sqs:ReceiveMessage", "sqs:DeleteMessage"]
        Resource = [
          aws_sqs_queue.inventory.arn,
          aws_sqs_queue.shipping.arn,
          aws_sqs_queue.purchasing.arn,
          aws_sqs_queue.images.arn,
          aws_sqs_queue.reports.arn,
        ]
      },
      {
        Effect   = "Allow"
        Action   = "events:PutEvents"
        Resource = aws_cloudwatch_event_bus.shop.arn
      },
      {
        Effect   = "Allow"
        Action   = ["kinesis:ListShards", "kinesis:GetShardIterator", "kinesis:GetRecords"]
        Resource = aws_kinesis_stream.audit.arn
      },
      {
        Effect   = "Allow"
        Action   = "s3:GetObject"
        Resource = "${aws_s3_bucket.lake.arn}/images/originals/*"
      },
      {
        Effect   = "Allow"
        Action   = "s3:PutObject"
        Resource = ["${aws_s3_bucket.lake.arn}/images/*", "${aws_s3_bucket.lake.arn}/reports/*"]
      },
    ]
  })
}

resource "aws_iam_role_policy_attachment" "services" {
  role       = aws_iam_role.services.name
  policy_arn = aws_iam_policy.services.arn
}
