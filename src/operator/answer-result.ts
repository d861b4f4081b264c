/** The answer to a command: what its flow gave, rendered, or its refusal. */
import type { Context } from 'hono';
import { answerJson, answerRefusal } from '#edge/answers.ts';
import type { Result } from '#kernel/result.ts';
import type { OperatorEnv } from '#operator/require-operator.guard.ts';

export function answerResult<T>(
  c: Context<OperatorEnv>,
  result: Result<T>,
  render: (value: T) => unknown,
): Response {
  return result.ok ? answerJson(c, render(result.value), 200) : answerRefusal(c, result.refusal);
}
