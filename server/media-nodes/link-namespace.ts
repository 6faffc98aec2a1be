/** The Socket.io namespace that nodes dial: checks keys and messages, and leaves the rest to the service. */
import type { Namespace, Server, Socket } from 'socket.io';
import { z } from 'zod';
import type { LinkNamespace, NodeToServer, ServerToNode } from '../../media/contract/link.ts';
import type { Log } from '../http/log.ts';
import { nodeHelloSchema, observedStateSchema, receivedEventsSchema } from './messages.ts';
import type { NodeLink } from './node-links.ts';
import type { NodeService } from './node-service.ts';

const namespaceName: LinkNamespace = '/media-nodes';

interface SocketData {
  nodeId: string;
}
type NodeSocket = Socket<NodeToServer, ServerToNode, Record<string, never>, SocketData>;

const authSchema = z.object({ key: z.string().min(1).max(200) });

/** Opens the namespace. The service must have been started. */
export function openLinkNamespace(io: Server, service: NodeService, log: Log): void {
  // The server is typed for any event; every message of this namespace is checked below.
  const namespace = io.of(namespaceName) as Namespace<NodeToServer, ServerToNode, Record<string, never>, SocketData>;
  namespace.use((socket, admit) => {
    authenticate(socket, service).then(
      (refusal) => admit(refusal),
      () => admit(new Error('unavailable')),
    );
  });
  namespace.on('connection', (socket) => serveNode(socket, service, log));
}

/** An error for the node, or nothing when its key is known. */
async function authenticate(socket: NodeSocket, service: NodeService): Promise<Error | undefined> {
  const auth = authSchema.safeParse(socket.handshake.auth);
  const nodeId = auth.success ? await service.findByKey(auth.data.key) : null;
  if (nodeId === null) return new Error('unknown-node-key');
  socket.data.nodeId = nodeId;
  return undefined;
}

function serveNode(socket: NodeSocket, service: NodeService, log: Log): void {
  const { nodeId } = socket.data;
  let link: NodeLink | null = null;
  let isGone = false;

  const refuse = (message: string, error: unknown): void => {
    log.error({ nodeId, message, err: error }, 'media-node.message-refused');
    // Closing the connection makes the node dial again; `disconnect()` would tell it to stay away.
    socket.conn.close();
  };
  const closed = (closedLink: NodeLink, cause: string): void => {
    service.linkClosed(closedLink, cause).catch((error: unknown) => log.error({ err: error, nodeId }, 'media-node.save-failed'));
  };

  socket.on('hello', (message, answer) => {
    const hello = nodeHelloSchema.safeParse(message);
    if (!hello.success || typeof answer !== 'function' || link !== null) {
      refuse('hello', hello.error);
      return;
    }
    const channel = {
      sendDesired: (state: Parameters<ServerToNode['desired']>[0]) => void socket.emit('desired', state),
      close: () => socket.conn.close(),
    };
    service.welcome(nodeId, hello.data, channel).then(
      (welcomed) => {
        link = welcomed.link;
        if (isGone) closed(link, 'gone before the welcome');
        else answer(welcomed.welcome);
      },
      (error: unknown) => refuse('hello', error),
    );
  });

  socket.on('observed', (message) => {
    if (link === null) return;
    const state = observedStateSchema.safeParse(message);
    if (state.success) service.links.observe(link, state.data);
    else refuse('observed', state.error);
  });

  socket.on('events', (message, answer) => {
    const events = receivedEventsSchema.safeParse(message);
    if (!events.success || typeof answer !== 'function' || link === null) {
      refuse('events', events.error);
      return;
    }
    service.applyEvents(link, events.data).then(
      (sequence) => answer({ sequence }),
      // Without an answer the node repeats them after its next link-up.
      (error: unknown) => refuse('events', error),
    );
  });

  socket.on('disconnect', (cause) => {
    isGone = true;
    if (link !== null) closed(link, cause);
  });
}
