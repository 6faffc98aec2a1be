/** The server's end of the link, as a node sees it: applies each event once per epoch, and can die and come back on its port. */
import { createServer, type Server as HttpServer } from 'node:http';
import { Server } from 'socket.io';
import type { NodeHello, NodeToServer, NumberedEvent, ServerToNode } from '../../media/contract/link.ts';
import type { DesiredState, ObservedState } from '../../media/contract/streams.ts';

export class LinkServer {
  readonly hellos: NodeHello[] = [];
  readonly observed: ObservedState[] = [];
  /** In the order they were applied; what a server would have stored. */
  readonly applied: NumberedEvent[] = [];
  readonly refusedKeys: unknown[] = [];
  desired: DesiredState = { generation: 1, streams: [], ticketKeys: [] };
  /** The next so many event messages are applied, but their answer is lost. */
  loseAnswers = 0;
  readonly #lastSequences = new Map<string, number>();
  #http: HttpServer | null = null;
  #io: Server<NodeToServer, ServerToNode> | null = null;
  #port = 0;

  get url(): string {
    return `http://127.0.0.1:${this.#port}`;
  }

  async start(): Promise<void> {
    const http = createServer();
    const io: Server<NodeToServer, ServerToNode> = new Server(http);
    io.of('/media-nodes').use((socket, next) => {
      if (socket.handshake.auth['key'] === 'secret') next();
      else {
        this.refusedKeys.push(socket.handshake.auth['key']);
        next(new Error('unknown-node-key'));
      }
    });
    io.of('/media-nodes').on('connection', (socket) => {
      let epoch = '';
      socket.on('hello', (hello, answer) => {
        epoch = hello.epoch;
        this.hellos.push(hello);
        answer({ nodeId: 'node-1', acknowledgedSequence: this.#lastSequences.get(epoch) ?? 0, desired: this.desired });
      });
      socket.on('observed', (state) => this.observed.push(state));
      socket.on('events', (events, answer) => {
        let last = this.#lastSequences.get(epoch) ?? 0;
        for (const event of events) {
          if (event.sequence <= last) continue;
          this.applied.push(event);
          last = event.sequence;
        }
        this.#lastSequences.set(epoch, last);
        if (this.loseAnswers > 0) {
          this.loseAnswers--;
          socket.disconnect(true);
          return;
        }
        answer({ sequence: last });
      });
    });
    await new Promise<void>((resolve) => http.listen(this.#port, '127.0.0.1', resolve));
    const address = http.address();
    if (typeof address === 'object' && address !== null) this.#port = address.port;
    this.#http = http;
    this.#io = io;
  }

  sendDesired(state: DesiredState): void {
    this.#io?.of('/media-nodes').emit('desired', state);
  }

  /** Everything is cut, as by `kill -9`. */
  async stop(): Promise<void> {
    this.#http?.closeAllConnections();
    await this.#io?.close();
    this.#io = null;
    this.#http = null;
  }
}
