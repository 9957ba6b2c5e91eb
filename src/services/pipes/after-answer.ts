// What an execution waits for has come: the answer, the time to ask again, or the end of its time. Nothing of it outlives the process: what is not known any more
// is not waited for.

import type { AnswerTaker } from '#cell/callable.ts';
import { askAgain, takeAnswer, timeOut } from './executing/run.ts';
import { goOnAfter } from './polling/batch.ts';
import type { PipesTurn } from './state.ts';

export const answerTaker: AnswerTaker = {
  answered(anyTurn, subject, answer) {
    const turn = anyTurn as PipesTurn;
    const [id = '', attempt] = subject.split('/');
    const execution = turn.state.running.executions.get(id);
    // An answer that came too late, or to a question that was asked again since.
    if (execution?.question === undefined || String(execution.question.attempt) !== attempt) return;
    goOnAfter(turn, execution, takeAnswer(turn, execution, answer));
  },
};

export function retryDue(turn: PipesTurn, id: string): void {
  const execution = turn.state.running.executions.get(id);
  if (execution !== undefined) goOnAfter(turn, execution, askAgain(turn, execution));
}

export function timeOver(turn: PipesTurn, id: string): void {
  const execution = turn.state.running.executions.get(id);
  if (execution !== undefined) goOnAfter(turn, execution, timeOut(turn, execution));
}
