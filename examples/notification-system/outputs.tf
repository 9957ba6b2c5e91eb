output "account_id" {
  value = data.aws_caller_identity.current.account_id
}

output "region" {
  value = data.aws_region.current.name
}

output "topic_arn" {
  value = aws_sns_topic.events.arn
}

output "queue_url" {
  value = aws_sqs_queue.notifications.url
}

output "queue_arn" {
  value = aws_sqs_queue.notifications.arn
}

output "dead_letter_queue_url" {
  value = aws_sqs_queue.dead_letters.url
}

output "dead_letter_queue_arn" {
  value = aws_sqs_queue.dead_letters.arn
}

output "function_name" {
  value = aws_lambda_function.handler.function_name
}

output "log_group" {
  value = aws_cloudwatch_log_group.handler.name
}
