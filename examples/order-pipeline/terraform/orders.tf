# Queues of the services that keep the shop's books: inventory, purchasing, shipping.

resource "aws_sqs_queue" "inventory_dead" {
  name = "inventory-dlq"
}

resource "aws_sqs_queue" "inventory" {
  name                       = "inventory"
  visibility_timeout_seconds = 30
  receive_wait_time_seconds  = 10

  redrive_policy = jsonencode({
    deadLetterTargetArn = aws_sqs_queue.inventory_dead.arn
    maxReceiveCount     = 10
  })
}

resource "aws_sqs_queue_policy" "inventory" {
  queue_url = aws_sqs_queue.inventory.id

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Sid       = "RuleMaySend"
      Effect    = "Allow"
      Principal = { Service = "events.amazonaws.com" }
      Action    = "sqs:SendMessage"
      Resource  = aws_sqs_queue.inventory.arn
      Condition = { ArnEquals = { "aws:SourceArn" = aws_cloudwatch_event_rule.stock.arn } }
    }]
  })
}

resource "aws_sqs_queue" "purchasing_dead" {
  name = "purchasing-dlq"
}

resource "aws_sqs_queue" "purchasing" {
  name                       = "purchasing"
  visibility_timeout_seconds = 30
  receive_wait_time_seconds  = 10

  redrive_policy = jsonencode({
    deadLetterTargetArn = aws_sqs_queue.purchasing_dead.arn
    maxReceiveCount     = 10
  })
}

resource "aws_sqs_queue_policy" "purchasing" {
  queue_url = aws_sqs_queue.purchasing.id

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Sid       = "RuleMaySend"
      Effect    = "Allow"
      Principal = { Service = "events.amazonaws.com" }
      Action    = "sqs:SendMessage"
      Resource  = aws_sqs_queue.purchasing.arn
      Condition = { ArnEquals = { "aws:SourceArn" = aws_cloudwatch_event_rule.low.arn } }
    }]
  })
}

# --- Paid orders: a topic, and three that listen ----------------------------------------------------------------------

resource "aws_sns_topic" "order_paid" {
  name = "order-paid"
}

resource "aws_sns_topic_policy" "order_paid" {
  arn = aws_sns_topic.order_paid.arn

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Sid       = "RuleMayPublish"
      Effect    = "Allow"
      Principal = { Service = "events.amazonaws.com" }
      Action    = "sns:Publish"
      Resource  = aws_sns_topic.order_paid.arn
    }]
  })
}

resource "aws_sqs_queue" "shipping_dead" {
  name = "shipping-dlq"
}

resource "aws_sqs_queue" "shipping" {
  name                       = "shipping"
  visibility_timeout_seconds = 30
  receive_wait_time_seconds  = 10

  redrive_policy = jsonencode({
    deadLetterTargetArn = aws_sqs_queue.shipping_dead.arn
    maxReceiveCount     = 10
  })
}

resource "aws_sqs_queue_policy" "shipping" {
  queue_url = aws_sqs_queue.shipping.id

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Sid       = "TopicMaySend"
      Effect    = "Allow"
      Principal = { Service = "sns.amazonaws.com" }
      Action    = "sqs:SendMessage"
      Resource  = aws_sqs_queue.shipping.arn
      Condition = { ArnEquals = { "aws:SourceArn" = aws_sns_topic.order_paid.arn } }
    }]
  })
}

resource "aws_sns_topic_subscription" "shipping" {
  topic_arn            = aws_sns_topic.order_paid.arn
  protocol             = "sqs"
  endpoint             = aws_sqs_queue.shipping.arn
  raw_message_delivery = true

  depends_on = [aws_sqs_queue_policy.shipping]
}

resource "aws_sns_topic_subscription" "notify" {
  topic_arn = aws_sns_topic.order_paid.arn
  protocol  = "lambda"
  endpoint  = aws_lambda_function.notify.arn

  depends_on = [aws_lambda_permission.topic_may_invoke_notify]
}

resource "aws_sqs_queue" "analytics_dead" {
  name = "analytics-dlq"
}

resource "aws_sqs_queue_policy" "analytics_dead" {
  queue_url = aws_sqs_queue.analytics_dead.id

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Sid       = "TopicMaySend"
      Effect    = "Allow"
      Principal = { Service = "sns.amazonaws.com" }
      Action    = "sqs:SendMessage"
      Resource  = aws_sqs_queue.analytics_dead.arn
      Condition = { ArnEquals = { "aws:SourceArn" = aws_sns_topic.order_paid.arn } }
    }]
  })
}

resource "aws_sns_topic_subscription" "analytics" {
  topic_arn              = aws_sns_topic.order_paid.arn
  protocol               = "http"
  endpoint               = var.analytics_url
  endpoint_auto_confirms = true

  delivery_policy = jsonencode({
    healthyRetryPolicy = {
      numRetries         = 10
      minDelayTarget     = 1
      maxDelayTarget     = 20
      numNoDelayRetries  = 0
      numMinDelayRetries = 2
      numMaxDelayRetries = 2
      backoffFunction    = "exponential"
    }
  })

  redrive_policy = jsonencode({
    deadLetterTargetArn = aws_sqs_queue.analytics_dead.arn
  })

  depends_on = [aws_sqs_queue_policy.analytics_dead]
}
