# Work that takes longer: thumbnails of product images, and reports over the audit stream.

resource "aws_sqs_queue" "images_dead" {
  name = "image-jobs-dlq"
}

resource "aws_sqs_queue" "images" {
  name                       = "image-jobs"
  visibility_timeout_seconds = 60
  receive_wait_time_seconds  = 10

  redrive_policy = jsonencode({
    deadLetterTargetArn = aws_sqs_queue.images_dead.arn
    maxReceiveCount     = 10
  })
}

resource "aws_sqs_queue" "reports_dead" {
  name = "report-jobs-dlq"
}

resource "aws_sqs_queue" "reports" {
  name                       = "report-jobs"
  visibility_timeout_seconds = 120
  receive_wait_time_seconds  = 10

  redrive_policy = jsonencode({
    deadLetterTargetArn = aws_sqs_queue.reports_dead.arn
    maxReceiveCount     = 10
  })
}
