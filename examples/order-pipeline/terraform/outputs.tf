output "bus_name" {
  value = aws_cloudwatch_event_bus.shop.name
}

output "lake" {
  value = aws_s3_bucket.lake.bucket
}

output "audit_stream" {
  value = aws_kinesis_stream.audit.name
}

output "click_stream" {
  value = aws_kinesis_stream.clicks.name
}

output "inventory_queue_url" {
  value = aws_sqs_queue.inventory.id
}

output "purchasing_queue_url" {
  value = aws_sqs_queue.purchasing.id
}

output "shipping_queue_url" {
  value = aws_sqs_queue.shipping.id
}

output "image_queue_url" {
  value = aws_sqs_queue.images.id
}

output "report_queue_url" {
  value = aws_sqs_queue.reports.id
}

output "services_policy_arn" {
  value = aws_iam_policy.services.arn
}
