import type { Validation } from '#model/validation.ts';
import { ARN_LENGTH_MAX } from '../limits.ts';

export function arnConstraints(checked: Validation, arn: string | undefined): Validation {
  return checked.required('resourceARN', arn).length('resourceARN', arn, { min: 1, max: ARN_LENGTH_MAX });
}
