/** RTSP as it comes from the socket, and the conversation it leads to. */
import { RtspFraming } from '../../../media/rtsp/rtsp-framing.ts';
import { createRtspSession, nextRtspSession } from '../../../media/rtsp/rtsp-session.ts';
import type { RtspMessage } from '../../../media/rtsp/rtsp-message.ts';
import { mustHold } from '../fuzz-target.ts';
import type { FuzzTarget } from '../fuzz-target.ts';

const account = { username: 'admin', password: 'a-secret-nobody-guesses' };

/** Whatever is read is read alike whole and in pieces; no answer makes us write a malformed request or tell the password. */
export const rtspFraming: FuzzTarget = {
  name: 'rtsp-framing',
  run(input) {
    const whole = frame(input, input.length);
    const pieces = frame(input, 1 + (input.length % 7));
    mustHold(JSON.stringify(whole.log) === JSON.stringify(pieces.log), 'read differently in pieces');
    mustHold(whole.hasFailed === pieces.hasFailed, 'failed differently in pieces');
    converse(whole.messages);
  },
};

interface Framed {
  readonly log: string[];
  readonly messages: RtspMessage[];
  readonly hasFailed: boolean;
}

function frame(input: Buffer, pieceBytes: number): Framed {
  const log: string[] = [];
  const messages: RtspMessage[] = [];
  const framing = new RtspFraming({
    onInterleaved: (channel, bytes, start, end) => log.push(`${channel} ${bytes.toString('hex', start, end)}`),
    onMessage: (message) => {
      messages.push(message);
      const start = message.kind === 'response' ? String(message.status) : `${message.method} ${message.uri}`;
      log.push(`${start} ${JSON.stringify([...message.headers])} ${message.body.toString('hex')}`);
    },
  });
  for (let at = 0; at < input.length; at += Math.max(1, pieceBytes)) {
    const piece = Buffer.from(input.subarray(at, at + Math.max(1, pieceBytes)));
    framing.push(piece, piece.length);
    if (framing.failure === null) framing.checkInvariants();
  }
  return { log, messages, hasFailed: framing.failure !== null };
}

function converse(messages: readonly RtspMessage[]): void {
  for (const transport of ['tcp', 'auto'] as const) {
    let session = createRtspSession('rtsp://camera/live', account, false, transport);
    const step = (input: Parameters<typeof nextRtspSession>[1]): void => {
      const next = nextRtspSession(session, input, () => 'nonce');
      session = next.session;
      for (const effect of next.effects) {
        if (effect.kind === 'open-ports') step({ kind: 'ports-opened', clientPorts: [50_000, 50_002] });
        if (effect.kind !== 'send') continue;
        mustHold(!effect.text.includes(account.password), 'the password was told');
        const [start = '', ...lines] = effect.text.split('\r\n');
        mustHold(/^([A-Z_]+ [!-~]+ RTSP\/1\.0|RTSP\/1\.0 \d{3} [A-Za-z ]+)$/.test(start), `malformed start line: ${start}`);
        mustHold(
          lines.every((line) => line === '' || /^[A-Za-z-]+: [^\r\n]*$/.test(line)),
          'malformed header',
        );
      }
    };
    step({ kind: 'connected' });
    for (const message of messages) {
      // Numbered as the request in hand, or the conversation would never get anywhere.
      const headers = message.kind === 'response' ? new Map([...message.headers, ['cseq', [String(session.cseq)]]]) : message.headers;
      step({ kind: 'message', message: { ...message, headers } });
    }
    step({ kind: 'stop' });
  }
}
