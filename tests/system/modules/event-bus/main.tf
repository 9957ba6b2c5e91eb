# Everything of EventBridge that Terraform's provider knows and Eddy does: applied, planned again, destroyed by event-bus.test.ts.

terraform {
  required_providers {
    aws = { source = "hashicorp/aws" }
  }
}

variable "endpoint" {
  type = string
}

variable "partner_endpoint" {
  description = "Where the API destination sends to."
  type        = string
}

provider "aws" {
  region                      = "us-east-1"
  access_key                  = "test"
  secret_key                  = "test"
  skip_credentials_validation = true
  skip_metadata_api_check     = true

  endpoints {
    events    = var.endpoint
    iam       = var.endpoint
    logs      = var.endpoint
    pipes     = var.endpoint
    scheduler = var.endpoint
    schemas   = var.endpoint
    sns       = var.endpoint
    sqs       = var.endpoint
    sts       = var.endpoint
  }
}

# Where events end.

resource "aws_sqs_queue" "orders" {
  name = "orders"
}

resource "aws_sqs_queue" "shaped" {
  name = "shaped"
}

resource "aws_sqs_queue" "undelivered" {
  name = "undelivered"
}

resource "aws_sqs_queue" "piped" {
  name = "piped"
}

resource "aws_sqs_queue" "ticks" {
  name = "ticks"
}

resource "aws_sns_topic" "alerts" {
  name = "alerts"
}

resource "aws_cloudwatch_log_group" "events" {
  name = "/aws/events/shop"
}

data "aws_iam_policy_document" "from_rules" {
  statement {
    actions   = ["sqs:SendMessage"]
    resources = [aws_sqs_queue.orders.arn, aws_sqs_queue.shaped.arn, aws_sqs_queue.undelivered.arn]
    principals {
      type        = "Service"
      identifiers = ["events.amazonaws.com"]
    }
  }
}

resource "aws_sqs_queue_policy" "from_rules" {
  for_each  = { orders = aws_sqs_queue.orders.url, shaped = aws_sqs_queue.shaped.url, undelivered = aws_sqs_queue.undelivered.url }
  queue_url = each.value
  policy    = data.aws_iam_policy_document.from_rules.json
}

resource "aws_cloudwatch_log_resource_policy" "from_rules" {
  policy_name = "from-rules"
  policy_document = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = { Service = ["events.amazonaws.com", "delivery.logs.amazonaws.com"] }
      Action    = ["logs:CreateLogStream", "logs:PutLogEvents"]
      Resource  = "${aws_cloudwatch_log_group.events.arn}:*"
    }]
  })
}

# Roles.

resource "aws_iam_role" "service" {
  name = "event-bus"
  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = { Service = ["events.amazonaws.com", "scheduler.amazonaws.com", "pipes.amazonaws.com"] }
      Action    = "sts:AssumeRole"
    }]
  })
}

resource "aws_iam_role_policy" "service" {
  name = "event-bus"
  role = aws_iam_role.service.id
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect = "Allow"
      Action = [
        "sqs:SendMessage", "sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes",
        "events:PutEvents", "events:InvokeApiDestination", "sns:Publish",
      ]
      Resource = "*"
    }]
  })
}

# Buses, rules and targets.

resource "aws_cloudwatch_event_bus" "shop" {
  name        = "shop"
  description = "Orders of the web shop"
  tags        = { team = "shop" }
}

resource "aws_cloudwatch_event_bus" "audit" {
  name = "audit"
}

resource "aws_cloudwatch_event_bus_policy" "shop" {
  event_bus_name = aws_cloudwatch_event_bus.shop.name
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Sid       = "partner"
      Effect    = "Allow"
      Principal = { AWS = "arn:aws:iam::111122223333:root" }
      Action    = "events:PutEvents"
      Resource  = aws_cloudwatch_event_bus.shop.arn
    }]
  })
}

resource "aws_cloudwatch_event_permission" "audit" {
  event_bus_name = aws_cloudwatch_event_bus.audit.name
  principal      = "111122223333"
  statement_id   = "partner"
}

resource "aws_cloudwatch_event_rule" "placed" {
  name           = "order-placed"
  description    = "Orders worth looking at"
  event_bus_name = aws_cloudwatch_event_bus.shop.name
  event_pattern = jsonencode({
    source      = ["shop.orders"]
    detail-type = ["OrderPlaced"]
    detail      = { total = [{ numeric = [">=", 100] }], country = [{ anything-but = ["XX"] }] }
  })
  tags = { team = "shop" }
}

resource "aws_cloudwatch_event_target" "placed_to_queue" {
  rule           = aws_cloudwatch_event_rule.placed.name
  event_bus_name = aws_cloudwatch_event_bus.shop.name
  target_id      = "queue"
  arn            = aws_sqs_queue.orders.arn
}

resource "aws_cloudwatch_event_target" "placed_shaped" {
  rule           = aws_cloudwatch_event_rule.placed.name
  event_bus_name = aws_cloudwatch_event_bus.shop.name
  target_id      = "shaped"
  arn            = aws_sqs_queue.shaped.arn

  input_transformer {
    input_paths    = { order = "$.detail.id", total = "$.detail.total" }
    input_template = "{\"order\": <order>, \"text\": \"Order <order> over <total>\", \"rule\": \"<aws.events.rule-name>\"}"
  }

  retry_policy {
    maximum_event_age_in_seconds = 3600
    maximum_retry_attempts       = 10
  }

  dead_letter_config {
    arn = aws_sqs_queue.undelivered.arn
  }
}

resource "aws_cloudwatch_event_target" "placed_to_logs" {
  rule           = aws_cloudwatch_event_rule.placed.name
  event_bus_name = aws_cloudwatch_event_bus.shop.name
  target_id      = "logs"
  arn            = aws_cloudwatch_log_group.events.arn
}

resource "aws_cloudwatch_event_target" "placed_to_audit" {
  rule           = aws_cloudwatch_event_rule.placed.name
  event_bus_name = aws_cloudwatch_event_bus.shop.name
  target_id      = "audit"
  arn            = aws_cloudwatch_event_bus.audit.arn
  role_arn       = aws_iam_role.service.arn
}

resource "aws_cloudwatch_event_target" "placed_to_partner" {
  rule           = aws_cloudwatch_event_rule.placed.name
  event_bus_name = aws_cloudwatch_event_bus.shop.name
  target_id      = "partner"
  arn            = aws_cloudwatch_event_api_destination.partner.arn
  role_arn       = aws_iam_role.service.arn

  http_target {
    path_parameter_values   = ["orders"]
    header_parameters       = { X-Shop = "eddy" }
    query_string_parameters = { source = "bus" }
  }

  dead_letter_config {
    arn = aws_sqs_queue.undelivered.arn
  }
}

resource "aws_cloudwatch_event_rule" "tick" {
  name                = "tick"
  schedule_expression = "rate(5 minutes)"
  state               = "ENABLED"
}

resource "aws_cloudwatch_event_target" "tick" {
  rule      = aws_cloudwatch_event_rule.tick.name
  target_id = "topic"
  arn       = aws_sns_topic.alerts.arn
  input     = jsonencode({ tick = true })
}

resource "aws_cloudwatch_event_archive" "orders" {
  name             = "orders"
  description      = "Every order"
  event_source_arn = aws_cloudwatch_event_bus.shop.arn
  retention_days   = 30
  event_pattern    = jsonencode({ source = ["shop.orders"] })
}

# Connections and API destinations.

resource "aws_cloudwatch_event_connection" "key" {
  name               = "key"
  description        = "An API key"
  authorization_type = "API_KEY"

  auth_parameters {
    api_key {
      key   = "x-api-key"
      value = "key-of-the-partner"
    }

    invocation_http_parameters {
      header {
        key             = "X-Tenant"
        value           = "shop"
        is_value_secret = false
      }
      body {
        key             = "token"
        value           = "token-in-the-body"
        is_value_secret = true
      }
    }
  }
}

resource "aws_cloudwatch_event_connection" "basic" {
  name               = "basic"
  authorization_type = "BASIC"

  auth_parameters {
    basic {
      username = "shop"
      password = "password-of-the-shop"
    }
  }
}

resource "aws_cloudwatch_event_connection" "oauth" {
  name               = "oauth"
  authorization_type = "OAUTH_CLIENT_CREDENTIALS"

  auth_parameters {
    oauth {
      authorization_endpoint = "${var.partner_endpoint}/token"
      http_method            = "POST"
      client_parameters {
        client_id     = "client"
        client_secret = "secret-of-the-client"
      }
      oauth_http_parameters {
        body {
          key             = "grant_type"
          value           = "client_credentials"
          is_value_secret = false
        }
      }
    }
  }
}

resource "aws_cloudwatch_event_api_destination" "partner" {
  name                             = "partner"
  description                      = "The partner's endpoint"
  invocation_endpoint              = "${var.partner_endpoint}/*"
  http_method                      = "POST"
  invocation_rate_limit_per_second = 20
  connection_arn                   = aws_cloudwatch_event_connection.key.arn
}

# Schemas.

resource "aws_schemas_registry" "shop" {
  name        = "shop"
  description = "Events of the shop"
  tags        = { team = "shop" }
}

resource "aws_schemas_schema" "placed" {
  name          = "shop.orders@OrderPlaced"
  registry_name = aws_schemas_registry.shop.name
  type          = "OpenApi3"
  description   = "An order was placed"
  content = jsonencode({
    openapi    = "3.0.0"
    info       = { version = "1.0.0", title = "OrderPlaced" }
    paths      = {}
    components = { schemas = { OrderPlaced = { type = "object", required = ["id"], properties = { id = { type = "string" }, total = { type = "number" } } } } }
  })
}

resource "aws_schemas_registry_policy" "shop" {
  registry_name = aws_schemas_registry.shop.name
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Sid       = "partner"
      Effect    = "Allow"
      Principal = { AWS = "111122223333" }
      Action    = ["schemas:*"]
      Resource  = [aws_schemas_registry.shop.arn]
    }]
  })
}

resource "aws_schemas_discoverer" "shop" {
  source_arn  = aws_cloudwatch_event_bus.shop.arn
  description = "What comes by"
}

# Schedules.

resource "aws_scheduler_schedule_group" "shop" {
  name = "shop"
  tags = { team = "shop" }
}

resource "aws_scheduler_schedule" "report" {
  name                         = "report"
  group_name                   = aws_scheduler_schedule_group.shop.name
  schedule_expression          = "cron(30 2 * * ? *)"
  schedule_expression_timezone = "Europe/Berlin"

  flexible_time_window {
    mode = "OFF"
  }

  target {
    arn      = aws_sqs_queue.ticks.arn
    role_arn = aws_iam_role.service.arn
    input    = jsonencode({ report = "daily" })

    retry_policy {
      maximum_event_age_in_seconds = 600
      maximum_retry_attempts       = 3
    }

    dead_letter_config {
      arn = aws_sqs_queue.undelivered.arn
    }
  }
}

resource "aws_scheduler_schedule" "universal" {
  name                = "universal"
  schedule_expression = "rate(1 hours)"

  flexible_time_window {
    mode                      = "FLEXIBLE"
    maximum_window_in_minutes = 15
  }

  target {
    arn      = "arn:aws:scheduler:::aws-sdk:sqs:sendMessage"
    role_arn = aws_iam_role.service.arn
    input    = jsonencode({ QueueUrl = aws_sqs_queue.ticks.url, MessageBody = "tick" })
  }
}

# A pipe.

resource "aws_pipes_pipe" "orders" {
  name        = "orders"
  description = "Large orders, reshaped"
  role_arn    = aws_iam_role.service.arn
  source      = aws_sqs_queue.orders.arn
  target      = aws_sqs_queue.piped.arn

  source_parameters {
    filter_criteria {
      filter {
        pattern = jsonencode({ body = { detail = { total = [{ numeric = [">", 500] }] } } })
      }
    }
    sqs_queue_parameters {
      batch_size                         = 5
      maximum_batching_window_in_seconds = 0
    }
  }

  target_parameters {
    input_template = "{\"order\": <$.body.detail.id>, \"pipe\": <aws.pipes.pipe-name>}"
  }

  depends_on = [aws_iam_role_policy.service]
}

output "bus" {
  value = aws_cloudwatch_event_bus.shop.arn
}

output "orders_url" {
  value = aws_sqs_queue.orders.url
}
