// The room of Pipes: what answers, what is kept, what is due.

import { defineService } from '#cell/service-definition.ts';
import { answerTaker, retryDue, timeOver } from './after-answer.ts';
import {
  factBindings,
  POLL_TIMER,
  RETRY_TIMER,
  STREAM_TIMER,
  TIMEOUT_TIMER,
  tableBindings,
  WINDOW_TIMER,
} from './apply.ts';
import { isPolling } from './documents.ts';
import { createPipe } from './operations/create-pipe.ts';
import { deletePipe } from './operations/delete-pipe.ts';
import { describePipe } from './operations/describe-pipe.ts';
import { listPipes } from './operations/list-pipes.ts';
import { listTagsForResource } from './operations/list-tags-for-resource.ts';
import { startPipe } from './operations/start-pipe.ts';
import { stopPipe } from './operations/stop-pipe.ts';
import { tagResource } from './operations/tag-resource.ts';
import { untagResource } from './operations/untag-resource.ts';
import { updatePipe } from './operations/update-pipe.ts';
import { bodiesRead } from './polling/batch.ts';
import { poll, windowOver } from './polling/poll.ts';
import { BODIES_READ } from './polling/read.ts';
import { PipesState } from './state.ts';
import { pipeStreamReader } from './streams/records-read.ts';

export const pipes = defineService<PipesState>({
  name: 'pipes',
  createState: () => new PipesState(),
  tables: tableBindings,
  facts: factBindings,
  operations: {
    CreatePipe: createPipe,
    DeletePipe: deletePipe,
    DescribePipe: describePipe,
    ListPipes: listPipes,
    ListTagsForResource: listTagsForResource,
    StartPipe: startPipe,
    StopPipe: stopPipe,
    TagResource: tagResource,
    UntagResource: untagResource,
    UpdatePipe: updatePipe,
  },
  timers: {
    [POLL_TIMER]: poll,
    [STREAM_TIMER]: poll,
    [WINDOW_TIMER]: windowOver,
    [RETRY_TIMER]: retryDue,
    [TIMEOUT_TIMER]: timeOver,
  },
  reactions: { [BODIES_READ]: bodiesRead },
  // What was under way is in its queue: it comes back by its visibility timeout.
  resume(turn) {
    for (const [key, pipe] of turn.state.pipes.entries()) if (isPolling(pipe)) poll(turn, key);
  },
  snapshot: {
    write: (state, section) => state.streams.encode(section('streams')),
    read(state, section) {
      const reader = section('streams');
      if (reader !== undefined) state.streams.restore(reader);
    },
  },
  doors: () => ({ answers: answerTaker, streamReader: pipeStreamReader }),
});
