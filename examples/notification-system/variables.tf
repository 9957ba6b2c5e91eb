variable "endpoint" {
  description = "Where Eddy listens."
  type        = string
  default     = "http://127.0.0.1:4566"
}

variable "region" {
  description = "Any region's name works; resources of different regions do not see each other."
  type        = string
  default     = "us-east-1"
}

variable "stage" {
  description = "Shown in the function's log lines."
  type        = string
  default     = "local"
}
