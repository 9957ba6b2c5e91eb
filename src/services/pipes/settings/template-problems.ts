// Placeholders of an input template that could stand for nothing. AWS: user guide, "Amazon EventBridge Pipes input transformation"; that it refuses them, and
// the text, is plausible after PutTargets ("contains invalid placeholder").

import { parseTemplate } from '#structures/input-template/template.ts';
import type { FieldProblem } from '../errors.ts';
import { isPlaceholder } from '../shaping/input.ts';

export function templateProblems(name: string, text: string | undefined): FieldProblem[] {
  if (text === undefined || text === '') return [];
  const wrong = parseTemplate(text).placeholders.find((placeholder) => !isPlaceholder(placeholder.name));
  return wrong === undefined ? [] : [{ name, message: `InputTemplate contains invalid placeholder ${wrong.name}.` }];
}
