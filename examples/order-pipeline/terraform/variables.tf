variable "endpoint" {
  description = "Where Eddy listens."
  type        = string
  default     = "http://127.0.0.1:4566"
}

variable "region" {
  type    = string
  default = "us-east-1"
}

variable "bucket" {
  description = "Clicks, images and reports go there. On AWS the name must be nobody else's."
  type        = string
  default     = "order-pipeline-lake"
}

variable "packages" {
  description = "Where `node package.mjs` has put the functions."
  type        = string
  default     = "../build"
}

variable "gateway_url" {
  description = "The payment gateway: somebody else's, over HTTP."
  type        = string
  default     = "http://127.0.0.1:4600/gateway"
}

variable "provider_url" {
  description = "The provider that sends mail and SMS."
  type        = string
  default     = "http://127.0.0.1:4600/messages"
}

variable "analytics_url" {
  description = "Subscribed to paid orders."
  type        = string
  default     = "http://127.0.0.1:4600/analytics"
}

variable "fails_after_charging" {
  description = "Out of a thousand orders, for how many the payment function breaks down after it has done its work (0: never)."
  type        = string
  default     = "0"
}

variable "clicks_buffer_seconds" {
  description = "How long clicks are gathered before they are written to S3."
  type        = number
  default     = 60
}
