/** A page at a node's WebSocket, as bare as can be: says what the test says, keeps what it hears. */
import { once } from 'node:events';
import { WebSocket } from 'ws';
import type { NodeMessage, PageMessage } from '../../media/contract/live-socket.ts';

export class SocketPage {
  readonly told: NodeMessage[] = [];
  /** Binary messages, whole. */
  readonly media: Buffer[] = [];
  readonly socket: WebSocket;
  closeCode: number | null = null;

  constructor(url: string, protocol = 'yilan-live-1') {
    this.socket = new WebSocket(url, protocol);
    this.socket.on('message', (data: Buffer, isBinary: boolean) => {
      if (isBinary) this.media.push(data);
      else this.told.push(JSON.parse(data.toString('utf8')) as NodeMessage);
    });
    this.socket.on('close', (code) => (this.closeCode = code));
    // A refused connection shows in its close.
    this.socket.on('error', () => {});
  }

  static async open(url: string): Promise<SocketPage> {
    const page = new SocketPage(url);
    await once(page.socket, 'open');
    return page;
  }

  say(message: PageMessage): void {
    this.socket.send(JSON.stringify(message));
  }

  subscribe(channel: number, cameraId: string, ticket: string, role: 'main' | 'sub' = 'main'): void {
    this.say({ kind: 'subscribe', channel, cameraId, role, ticket });
  }

  /** Kind and start of the media that came on a channel. */
  mediaOf(channel: number): { readonly kind: number; readonly isKeyFrame: boolean; readonly arrivedAtMs: number; readonly startSeconds: number }[] {
    return this.media
      .filter((bytes) => bytes.readUInt16BE(0) === channel)
      .map((bytes) => ({
        kind: bytes.readUInt8(2),
        isKeyFrame: bytes.readUInt8(3) === 1,
        arrivedAtMs: bytes.readDoubleBE(4),
        startSeconds: bytes.readDoubleBE(12),
      }));
  }

  close(): void {
    this.socket.terminate();
  }
}
