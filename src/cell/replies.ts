// How what was decided gets back to whoever asked: after durability, later by a ticket, or as a stream of events.
// Nothing here is state: whoever waits asks again after a restart.

import { assert } from '#base/assert.ts';
import { serverError } from '#model/aws-error.ts';
import type { Command, FinalReply } from './command.ts';
import type { Committer } from './committer.ts';
import type { Effects } from './effects.ts';
import type { ServiceRuntime } from './fact-registry.ts';
import type { Memory } from './memory.ts';
import type { AskedOperation, Pass, TurnView } from './pass.ts';
import type { CellPorts } from './ports.ts';
import { ReplyStreams } from './reply-streams.ts';
import type { Operation, Reply } from './service-definition.ts';
import type { Outcome, Ticket } from './turn.ts';

/** Which file and place is the operator's business. */
const DAMAGED = 'The stored bytes of a message are damaged; where is told to the operator.';

const NO_STREAM = 'The reply of this operation is a stream of events, which cannot be taken on this way.';

/** A reply that needs nothing more than durability. */
export type ReadyReply = Exclude<Reply<unknown>, { readonly parked: unknown } | { readonly deferred: unknown }>;

export interface RepliesHost {
  readonly memory: Memory;
  readonly committer: Committer;
  readonly effects: Effects;
  readonly onDiagnostic: CellPorts['onDiagnostic'];
  enqueue(work: () => void): void;
  runInternal(service: ServiceRuntime, work: (turn: TurnView) => void): void;
  react(service: ServiceRuntime, then: { reaction: string; subject: string }, outcome: Outcome): void;
}

export class Replies {
  readonly streams: ReplyStreams;
  private readonly tickets = new Map<Ticket, Command>();
  private readonly asked = new Map<Ticket, AskedOperation>();

  constructor(private readonly host: RepliesHost) {
    this.streams = new ReplyStreams(
      (action) => host.committer.whenDurable(action),
      (work) => host.enqueue(work),
    );
  }

  /** Answered when a turn resolves the ticket. */
  defer(ticket: Ticket, command: Command): void {
    this.tickets.set(ticket, command);
  }

  /** Whoever sent it has gone. */
  abort(command: Command): void {
    this.streams.abort(command);
    for (const [ticket, waiting] of this.tickets) if (waiting === command) this.tickets.delete(ticket);
  }

  /** What the pass decided about replies of other turns. */
  take(pass: Pass): void {
    for (const step of pass.streamSteps) this.streams.take(step);
    for (const asked of pass.asked) this.asked.set(asked.ticket, asked);
    for (const { ticket, reply } of pass.resolved) this.resolve(ticket, reply);
  }

  release(reply: ReadyReply, command: Command): void {
    const { committer, effects, memory, onDiagnostic } = this.host;
    const { onReply } = command;
    if ('streaming' in reply) {
      this.startStream(reply, command);
      return;
    }
    if (!('reads' in reply)) {
      committer.whenDurable(() => onReply(reply));
      return;
    }
    const located = reply.reads.map((id) => memory.payloads.locate(id));
    committer.whenDurable(() =>
      effects.read(
        located,
        (payloads) => onReply({ output: reply.output(payloads) }),
        (error) => {
          onDiagnostic('a payload could not be read', error);
          onReply({ refused: serverError('InternalFailure', DAMAGED) });
        },
      ),
    );
  }

  private startStream(reply: { readonly streaming: Ticket; readonly output: unknown }, command: Command): void {
    const { host } = this;
    const service = host.memory.registry.services.get(command.service) as ServiceRuntime;
    const { streamed } = service.definition.operations[command.operation] as Operation;
    assert(streamed !== undefined, `${command.operation} goes on with its streams`);
    const ticket = reply.streaming;
    this.streams.start({
      ticket,
      owner: command,
      begin: () => {
        if (command.onStream === undefined) command.onReply({ refused: serverError('InternalFailure', NO_STREAM) });
        return command.onStream?.(reply.output);
      },
      run: (news) =>
        host.runInternal(service, (turn) => streamed(turn.within(command.scope, command.principal), ticket, news)),
    });
  }

  private resolve(ticket: Ticket, reply: FinalReply): void {
    const { host } = this;
    const { committer } = host;
    const asked = this.asked.get(ticket);
    if (asked !== undefined) {
      this.asked.delete(ticket);
      const { service, then } = asked;
      committer.whenDurable(() => host.enqueue(() => host.react(service, then, { result: reply })));
    }
    const command = this.tickets.get(ticket);
    if (command === undefined) return;
    this.tickets.delete(ticket);
    committer.whenDurable(() => command.onReply(reply));
  }
}
