# Functions: charging, notifying, and sending mail and SMS. Their concurrency is what the shop's payment gateway and provider were promised.

# --- Payment -----------------------------------------------------------------------------------------------------------

resource "aws_cloudwatch_log_group" "charge" {
  name              = "/aws/lambda/charge"
  retention_in_days = 14
}

resource "aws_lambda_function" "charge" {
  function_name                  = "charge"
  role                           = aws_iam_role.charge.arn
  runtime                        = "nodejs20.x"
  handler                        = "index.handler"
  filename                       = "${var.packages}/charge.zip"
  source_code_hash               = filebase64sha256("${var.packages}/charge.zip")
  timeout                        = 30
  memory_size                    = 256
  reserved_concurrent_executions = 4

  environment {
    variables = {
      BUS_NAME             = aws_cloudwatch_event_bus.shop.name
      GATEWAY_URL          = var.gateway_url
      FAILS_AFTER_CHARGING = var.fails_after_charging
    }
  }

  depends_on = [aws_cloudwatch_log_group.charge, aws_iam_role_policy.charge]
}

resource "aws_lambda_permission" "rule_may_invoke_charge" {
  statement_id  = "rule"
  action        = "lambda:InvokeFunction"
  function_name = aws_lambda_function.charge.function_name
  principal     = "events.amazonaws.com"
  source_arn    = aws_cloudwatch_event_rule.payment.arn
}

resource "aws_sqs_queue" "payment_failures" {
  name                      = "payment-failures"
  message_retention_seconds = 1209600
}

resource "aws_lambda_function_event_invoke_config" "charge" {
  function_name                = aws_lambda_function.charge.function_name
  maximum_retry_attempts       = 2
  maximum_event_age_in_seconds = 21600

  destination_config {
    on_failure {
      destination = aws_sqs_queue.payment_failures.arn
    }
  }
}

# --- Notifications -----------------------------------------------------------------------------------------------------

resource "aws_cloudwatch_log_group" "notify" {
  name              = "/aws/lambda/notify"
  retention_in_days = 14
}

resource "aws_lambda_function" "notify" {
  function_name                  = "notify"
  role                           = aws_iam_role.notify.arn
  runtime                        = "nodejs20.x"
  handler                        = "index.handler"
  filename                       = "${var.packages}/notify.zip"
  source_code_hash               = filebase64sha256("${var.packages}/notify.zip")
  timeout                        = 30
  memory_size                    = 256
  reserved_concurrent_executions = 2

  environment {
    variables = {
      EMAIL_QUEUE_URL = aws_sqs_queue.email.id
      SMS_QUEUE_URL   = aws_sqs_queue.sms.id
    }
  }

  depends_on = [aws_cloudwatch_log_group.notify, aws_iam_role_policy.notify]
}

resource "aws_lambda_permission" "topic_may_invoke_notify" {
  statement_id  = "topic"
  action        = "lambda:InvokeFunction"
  function_name = aws_lambda_function.notify.function_name
  principal     = "sns.amazonaws.com"
  source_arn    = aws_sns_topic.order_paid.arn
}

resource "aws_sqs_queue" "email_dead" {
  name                      = "EmailQueue-dlq"
  message_retention_seconds = 1209600
}

resource "aws_sqs_queue" "email" {
  name                       = "EmailQueue"
  visibility_timeout_seconds = 60

  redrive_policy = jsonencode({
    deadLetterTargetArn = aws_sqs_queue.email_dead.arn
    maxReceiveCount     = 3
  })
}

# --- Mail --------------------------------------------------------------------------------------------------------------

resource "aws_cloudwatch_log_group" "send_email" {
  name              = "/aws/lambda/send-email"
  retention_in_days = 14
}

resource "aws_lambda_function" "send_email" {
  function_name                  = "send-email"
  role                           = aws_iam_role.senders.arn
  runtime                        = "nodejs20.x"
  handler                        = "index.handler"
  filename                       = "${var.packages}/send.zip"
  source_code_hash               = filebase64sha256("${var.packages}/send.zip")
  timeout                        = 30
  memory_size                    = 256
  reserved_concurrent_executions = 2

  environment {
    variables = {
      PROVIDER_URL = var.provider_url
    }
  }

  depends_on = [aws_cloudwatch_log_group.send_email, aws_iam_role_policy.senders]
}

resource "aws_lambda_event_source_mapping" "email" {
  event_source_arn        = aws_sqs_queue.email.arn
  function_name           = aws_lambda_function.send_email.arn
  batch_size              = 10
  function_response_types = ["ReportBatchItemFailures"]

  depends_on = [aws_iam_role_policy.senders]
}

resource "aws_sqs_queue" "sms_dead" {
  name                      = "SMSQueue-dlq"
  message_retention_seconds = 1209600
}

resource "aws_sqs_queue" "sms" {
  name                       = "SMSQueue"
  visibility_timeout_seconds = 60

  redrive_policy = jsonencode({
    deadLetterTargetArn = aws_sqs_queue.sms_dead.arn
    maxReceiveCount     = 3
  })
}

# --- SMS ---------------------------------------------------------------------------------------------------------------

resource "aws_cloudwatch_log_group" "send_sms" {
  name              = "/aws/lambda/send-sms"
  retention_in_days = 14
}

resource "aws_lambda_function" "send_sms" {
  function_name                  = "send-sms"
  role                           = aws_iam_role.senders.arn
  runtime                        = "nodejs20.x"
  handler                        = "index.handler"
  filename                       = "${var.packages}/send.zip"
  source_code_hash               = filebase64sha256("${var.packages}/send.zip")
  timeout                        = 30
  memory_size                    = 256
  reserved_concurrent_executions = 2

  environment {
    variables = {
      PROVIDER_URL = var.provider_url
    }
  }

  depends_on = [aws_cloudwatch_log_group.send_sms, aws_iam_role_policy.senders]
}

resource "aws_lambda_event_source_mapping" "sms" {
  event_source_arn        = aws_sqs_queue.sms.arn
  function_name           = aws_lambda_function.send_sms.arn
  batch_size              = 10
  function_response_types = ["ReportBatchItemFailures"]

  depends_on = [aws_iam_role_policy.senders]
}
