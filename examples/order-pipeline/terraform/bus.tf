# The shop's bus, its rules, and what happens to what no rule could hand over.

resource "aws_cloudwatch_event_bus" "shop" {
  name = "shop"
}

resource "aws_sqs_queue" "undelivered" {
  name                      = "undelivered"
  message_retention_seconds = 1209600
}

# --- Rule 1: stock ----------------------------------------------------------------------------------------------------

resource "aws_cloudwatch_event_rule" "stock" {
  name           = "stock"
  description    = "Orders take from the stock, declined ones give back"
  event_bus_name = aws_cloudwatch_event_bus.shop.name

  event_pattern = jsonencode({
    source      = ["shop.orders", "shop.payments"]
    detail-type = ["OrderPlaced", "OrderDeclined"]
  })
}

resource "aws_cloudwatch_event_target" "stock" {
  rule           = aws_cloudwatch_event_rule.stock.name
  event_bus_name = aws_cloudwatch_event_bus.shop.name
  target_id      = "inventory"
  arn            = aws_sqs_queue.inventory.arn

  dead_letter_config {
    arn = aws_sqs_queue.undelivered.arn
  }
}

# --- Rule 2: payment --------------------------------------------------------------------------------------------------

resource "aws_cloudwatch_event_rule" "payment" {
  name           = "payment"
  description    = "Orders are charged"
  event_bus_name = aws_cloudwatch_event_bus.shop.name

  event_pattern = jsonencode({
    source      = ["shop.orders"]
    detail-type = ["OrderPlaced"]
  })
}

resource "aws_cloudwatch_event_target" "payment" {
  rule           = aws_cloudwatch_event_rule.payment.name
  event_bus_name = aws_cloudwatch_event_bus.shop.name
  target_id      = "charge"
  arn            = aws_lambda_function.charge.arn

  dead_letter_config {
    arn = aws_sqs_queue.undelivered.arn
  }
}

# --- Rule 3: audit ----------------------------------------------------------------------------------------------------

resource "aws_cloudwatch_event_rule" "audit" {
  name           = "audit"
  description    = "Everything that happens in the shop"
  event_bus_name = aws_cloudwatch_event_bus.shop.name

  event_pattern = jsonencode({
    source = [{ prefix = "shop." }]
  })
}

resource "aws_cloudwatch_event_target" "audit" {
  rule           = aws_cloudwatch_event_rule.audit.name
  event_bus_name = aws_cloudwatch_event_bus.shop.name
  target_id      = "audit"
  arn            = aws_kinesis_stream.audit.arn
  role_arn       = aws_iam_role.events.arn

  kinesis_target {
    partition_key_path = "$.detail.subject"
  }

  dead_letter_config {
    arn = aws_sqs_queue.undelivered.arn
  }
}

# --- What was paid, and what runs low ---------------------------------------------------------------------------------

resource "aws_cloudwatch_event_rule" "paid" {
  name           = "paid"
  description    = "Whoever wants to know of paid orders subscribes to the topic"
  event_bus_name = aws_cloudwatch_event_bus.shop.name

  event_pattern = jsonencode({
    source      = ["shop.payments"]
    detail-type = ["OrderPaid"]
  })
}

resource "aws_cloudwatch_event_target" "paid" {
  rule           = aws_cloudwatch_event_rule.paid.name
  event_bus_name = aws_cloudwatch_event_bus.shop.name
  target_id      = "order-paid"
  arn            = aws_sns_topic.order_paid.arn

  dead_letter_config {
    arn = aws_sqs_queue.undelivered.arn
  }
}

resource "aws_cloudwatch_event_rule" "low" {
  name           = "inventory-low"
  description    = "Purchasing buys more"
  event_bus_name = aws_cloudwatch_event_bus.shop.name

  event_pattern = jsonencode({
    source      = ["shop.inventory"]
    detail-type = ["InventoryLow"]
  })
}

resource "aws_cloudwatch_event_target" "low" {
  rule           = aws_cloudwatch_event_rule.low.name
  event_bus_name = aws_cloudwatch_event_bus.shop.name
  target_id      = "purchasing"
  arn            = aws_sqs_queue.purchasing.arn

  dead_letter_config {
    arn = aws_sqs_queue.undelivered.arn
  }
}

resource "aws_sqs_queue_policy" "undelivered" {
  queue_url = aws_sqs_queue.undelivered.id

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Sid       = "RulesMaySend"
      Effect    = "Allow"
      Principal = { Service = "events.amazonaws.com" }
      Action    = "sqs:SendMessage"
      Resource  = aws_sqs_queue.undelivered.arn
      Condition = {
        ArnEquals = {
          "aws:SourceArn" = [
            aws_cloudwatch_event_rule.stock.arn,
            aws_cloudwatch_event_rule.payment.arn,
            aws_cloudwatch_event_rule.audit.arn,
            aws_cloudwatch_event_rule.paid.arn,
            aws_cloudwatch_event_rule.low.arn,
          ]
        }
      }
    }]
  })
}
