import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { StreamTransport } from '../../../media/contract/streams.ts';
import { parseRtspHead } from '../../../media/rtsp/rtsp-message.ts';
import type { RtspMessage } from '../../../media/rtsp/rtsp-message.ts';
import { createRtspSession, nextRtspSession } from '../../../media/rtsp/rtsp-session.ts';
import type { RtspSession, RtspSessionEffect, RtspSessionInput, RtspStep } from '../../../media/rtsp/rtsp-session.ts';

const uri = 'rtsp://camera/live';
const account = { username: 'admin', password: 'geheim' };
const videoSdp = 'v=0\r\nm=video 0 RTP/AVP 96\r\na=rtpmap:96 H264/90000\r\na=control:trackID=1\r\n';
const audioSdp = 'm=audio 0 RTP/AVP 8\r\na=control:trackID=2\r\n';
const challenge = 'Digest realm="camera", nonce="n1"';

/** A conversation that a test leads. */
class Conversation {
  session: RtspSession;
  readonly effects: RtspSessionEffect[] = [];

  constructor(credentials: typeof account | null = account, wasRedirected = false, transport: StreamTransport = 'tcp') {
    this.session = createRtspSession(uri, credentials, wasRedirected, transport);
    this.put({ kind: 'connected' });
  }

  put(input: RtspSessionInput): this {
    const { session, effects } = nextRtspSession(this.session, input, () => 'cnonce');
    this.session = session;
    this.effects.push(...effects);
    return this;
  }

  answer(status: number, headers: Record<string, string> = {}, body = ''): this {
    return this.put({ kind: 'message', message: response(status, { CSeq: String(this.session.cseq), ...headers }, body) });
  }

  /** Start line of the newest request. */
  get sent(): string {
    return this.#lastSent().split('\r\n')[0] ?? '';
  }

  header(name: string): string | undefined {
    return this.#lastSent()
      .split('\r\n')
      .find((line) => line.startsWith(`${name}: `))
      ?.slice(name.length + 2);
  }

  get ended(): RtspSessionEffect | undefined {
    return this.effects.find((effect) => effect.kind === 'end');
  }

  get planned(): Extract<RtspSessionEffect, { kind: 'tracks-planned' }> | undefined {
    return this.effects.find((effect) => effect.kind === 'tracks-planned');
  }

  toStep(step: RtspStep, sdp = videoSdp + audioSdp): this {
    if (step === 'options') return this;
    this.answer(200, { Public: 'OPTIONS, GET_PARAMETER' });
    if (step === 'describe') return this;
    this.answer(200, { 'Content-Base': `${uri}/` }, sdp);
    if (step === 'setup-video') return this;
    this.answer(200, { Session: '12;timeout=40', Transport: 'RTP/AVP/TCP;unicast;interleaved=0-1' });
    if (step === 'setup-audio') return this;
    if (sdp.includes('m=audio')) this.answer(200, { Transport: 'RTP/AVP/TCP;unicast;interleaved=2-3' });
    if (step === 'play') return this;
    return this.answer(200);
  }

  #lastSent(): string {
    const sends = this.effects.filter((effect) => effect.kind === 'send');
    return sends.at(-1)?.text ?? '';
  }
}

function response(status: number, headers: Record<string, string>, body = ''): RtspMessage {
  const head = parseRtspHead([`RTSP/1.0 ${status} Text`, ...Object.entries(headers).map(([name, value]) => `${name}: ${value}`)].join('\r\n'));
  if (typeof head === 'string') throw new Error(head);
  return { ...head, body: Buffer.from(body) };
}

describe('an ordinary conversation', () => {
  it('asks for options, description, both tracks, and plays', () => {
    const talk = new Conversation();
    expect(talk.sent).toBe(`OPTIONS ${uri} RTSP/1.0`);
    expect(talk.toStep('describe').sent).toBe(`DESCRIBE ${uri} RTSP/1.0`);
    talk.answer(200, { 'Content-Base': `${uri}/` }, videoSdp + audioSdp);
    expect([talk.sent, talk.header('Transport')]).toEqual([`SETUP ${uri}/trackID=1 RTSP/1.0`, 'RTP/AVP/TCP;unicast;interleaved=0-1']);
    talk.answer(200, { Session: '12;timeout=40', Transport: 'RTP/AVP/TCP;unicast;interleaved=0-1' });
    expect([talk.sent, talk.header('Transport'), talk.header('Session')]).toEqual([
      `SETUP ${uri}/trackID=2 RTSP/1.0`,
      'RTP/AVP/TCP;unicast;interleaved=2-3',
      '12',
    ]);
    talk.answer(200, { Transport: 'RTP/AVP/TCP;unicast;interleaved=2-3' });
    expect(talk.sent).toBe(`PLAY ${uri}/ RTSP/1.0`);
    talk.answer(200);
    expect(talk.effects.at(-1)).toEqual({ kind: 'play-started', keepAliveMs: 20_000 });
    expect(talk.put({ kind: 'keep-alive-due' }).sent).toBe(`GET_PARAMETER ${uri}/ RTSP/1.0`);
    expect(talk.put({ kind: 'stop' }).sent).toBe(`TEARDOWN ${uri}/ RTSP/1.0`);
    expect(talk.ended).toEqual({ kind: 'end', reason: 'stopped', detail: 'stopped by us' });
  });

  it('tells the tracks before it says PLAY', () => {
    const talk = new Conversation().toStep('play');
    expect(talk.planned?.tracks).toMatchObject({
      video: { format: { codec: 'h264', payloadType: 96 }, channels: { rtp: 0, rtcp: 1 } },
      audio: { format: { codec: 'pcma' }, channels: { rtp: 2, rtcp: 3 } },
    });
    expect(talk.effects.findIndex((effect) => effect === talk.planned)).toBeLessThan(
      talk.effects.findIndex((effect) => effect.kind === 'send' && effect.text.startsWith('PLAY')),
    );
  });
});

describe('by UDP', () => {
  const answered = 'RTP/AVP;unicast;client_port=50000-50001;server_port=6970-6971';

  it('opens ports once it knows the tracks, and asks for them', () => {
    const talk = new Conversation(account, false, 'udp').toStep('setup-video');
    expect(talk.effects.at(-1)).toEqual({ kind: 'open-ports', pairs: 2 });
    talk.put({ kind: 'ports-opened', clientPorts: [50_000, 50_002] });
    expect([talk.sent, talk.header('Transport')]).toEqual([`SETUP ${uri}/trackID=1 RTSP/1.0`, 'RTP/AVP;unicast;client_port=50000-50001']);
    talk.answer(200, { Session: '1', Transport: answered });
    expect(talk.header('Transport')).toBe('RTP/AVP;unicast;client_port=50002-50003');
    talk.answer(200, { Transport: 'RTP/AVP;unicast;client_port=50002-50003;source=10.0.0.9' });
    expect(talk.planned?.tracks).toMatchObject({
      video: { channels: { rtp: 256, rtcp: 257 }, datagrams: { rtpPort: 6970, rtcpPort: 6971, sourceAddress: null } },
      audio: { channels: { rtp: 258, rtcp: 259 }, datagrams: { rtpPort: null, rtcpPort: null, sourceAddress: '10.0.0.9' } },
    });
    expect(talk.answer(200).effects.at(-1)?.kind).toBe('play-started');
  });

  it('opens one pair for a camera without sound', () => {
    expect(new Conversation(account, false, 'udp').toStep('setup-video', videoSdp).effects.at(-1)).toEqual({ kind: 'open-ports', pairs: 1 });
  });

  it.each([
    ['461', 461, {}],
    ['an answer with UDP', 200, { Session: '5', Transport: answered }],
  ])('follows a refusal of TCP (%s) where either will do, and only there', (_name, status, headers: Record<string, string>) => {
    const talk = new Conversation(account, false, 'auto').toStep('setup-video', videoSdp);
    expect(talk.header('Transport')).toBe('RTP/AVP/TCP;unicast;interleaved=0-1');
    expect(talk.answer(status, headers).effects.at(-1)).toEqual({ kind: 'open-ports', pairs: 1 });
    talk.put({ kind: 'ports-opened', clientPorts: [50_000] });
    expect([talk.header('Transport'), talk.header('Session')]).toEqual(['RTP/AVP;unicast;client_port=50000-50001', headers['Session']]);
    expect(talk.answer(461).ended).toMatchObject({ reason: 'protocol-error' });
    expect(new Conversation().toStep('setup-video').answer(status, headers).ended).toMatchObject({ reason: 'protocol-error' });
  });

  it('takes the connection from a camera that insists on it', () => {
    const talk = new Conversation(account, false, 'udp').toStep('setup-video', videoSdp).put({ kind: 'ports-opened', clientPorts: [50_000] });
    talk.answer(200, { Session: '1', Transport: 'RTP/AVP/TCP;unicast;interleaved=0-1' });
    expect(talk.planned?.tracks.video).toMatchObject({ channels: { rtp: 0, rtcp: 1 }, datagrams: null });
  });

  it('says so when no ports are free', () => {
    const talk = new Conversation(account, false, 'udp').toStep('setup-video').put({ kind: 'ports-opened', clientPorts: null });
    expect(talk.ended).toMatchObject({ reason: 'protocol-error', detail: 'no pair of UDP ports is free on this node' });
  });
});

describe('odd cameras', () => {
  it.each([
    ['nothing', ''],
    ['no scheme', '192.168.1.10:554/stream0/'],
    ['the scheme twice', 'rtsp://rtsp://turret.lan:554/stream1/'],
    ['characters that no request line may have', 'rtsp://camera/\u00e9/'],
  ])('whose Content-Base has %s', (_name, base) => {
    const talk = new Conversation().toStep('describe').answer(200, { 'Content-Base': base }, videoSdp);
    expect(talk.sent).toBe(`SETUP ${uri}/trackID=1 RTSP/1.0`);
  });

  it('whose Content-Base has the password, or an address behind their router', () => {
    const talk = new Conversation().toStep('describe').answer(200, { 'Content-Base': 'rtsp://admin:geheim@10.1.2.3:554/media/' }, videoSdp);
    expect(talk.sent).toBe('SETUP rtsp://10.1.2.3:554/media/trackID=1 RTSP/1.0');
  });

  it('that want PLAY for the control of the session, not for the Content-Base', () => {
    const sdp = `v=0\r\na=control:rtsp://10.0.0.5/media.amp?Axis-Orig-Sw=true\r\n${videoSdp.slice(5)}`;
    const talk = new Conversation().toStep('describe').answer(200, { 'Content-Base': 'rtsp://10.0.0.5:554/media.amp/' }, sdp);
    talk.answer(200, { Session: '1' });
    expect(talk.sent).toBe('PLAY rtsp://10.0.0.5/media.amp?Axis-Orig-Sw=true RTSP/1.0');
  });

  it.each([
    ['no Session', {}],
    ['an empty one', { Session: '' }],
  ])('that name their session with PLAY only, and answer SETUP with %s', (_name, headers: Record<string, string>) => {
    const talk = new Conversation().toStep('setup-video', videoSdp).answer(200, headers);
    expect(talk.header('Session')).toBeUndefined();
    talk.answer(200, { Session: '77;timeout=10' });
    expect(talk.effects.at(-1)).toEqual({ kind: 'play-started', keepAliveMs: 5000 });
    talk.put({ kind: 'keep-alive-due' });
    expect(talk.header('Session')).toBe('77');
  });

  it('that name another session with the second SETUP', () => {
    const talk = new Conversation().toStep('setup-audio').answer(200, { Session: '34;timeout=20', Transport: 'RTP/AVP/TCP;interleaved=2-3' });
    expect(talk.header('Session')).toBe('12');
  });

  it('that never answer a keep-alive', () => {
    const talk = new Conversation().toStep('playing');
    for (let count = 0; count < 5; count += 1) talk.put({ kind: 'keep-alive-due' }).put({ kind: 'answer-overdue' });
    expect([talk.ended, talk.sent]).toEqual([undefined, `GET_PARAMETER ${uri}/ RTSP/1.0`]);
  });

  it('that answer SETUP without Transport', () => {
    const talk = new Conversation().toStep('setup-video', videoSdp).answer(200, { Session: '1' });
    expect(talk.planned?.tracks.video.channels).toEqual({ rtp: 0, rtcp: 1 });
  });

  it('that write a line of one space among their headers', () => {
    const talk = new Conversation().toStep('setup-video', videoSdp);
    const head = parseRtspHead(
      `RTSP/1.0 200 OK\r\nCseq: ${talk.session.cseq}\r\nSession: 821724453759789\r\n \r\nRange:\r\nTransport: RTP/AVP/TCP;interleaved=4-5`,
    );
    if (typeof head === 'string') throw new Error(head);
    talk.put({ kind: 'message', message: { ...head, body: Buffer.alloc(0) } });
    expect([talk.header('Session'), talk.planned?.tracks.video.channels.rtp]).toEqual(['821724453759789', 4]);
  });

  it('that do not know OPTIONS', () => {
    const talk = new Conversation().answer(405);
    expect(talk.sent).toBe(`DESCRIBE ${uri} RTSP/1.0`);
  });

  it('that choose other channels', () => {
    const talk = new Conversation().toStep('setup-video').answer(200, { Session: '1', Transport: 'RTP/AVP/TCP;unicast;interleaved=4-5' });
    expect(talk.header('Transport')).toBe('RTP/AVP/TCP;unicast;interleaved=6-7');
    talk.answer(200, { Transport: 'RTP/AVP/TCP;unicast;interleaved=8-9' });
    expect(talk.planned?.tracks).toMatchObject({ video: { channels: { rtp: 4, rtcp: 5 } }, audio: { channels: { rtp: 8, rtcp: 9 } } });
  });

  it('that leave the channels out of their answer', () => {
    const talk = new Conversation().toStep('setup-video', videoSdp).answer(200, { Session: '1', Transport: 'RTP/AVP/TCP;unicast' });
    expect(talk.planned?.tracks.video.channels).toEqual({ rtp: 0, rtcp: 1 });
  });

  it('that answer with UDP', () => {
    const talk = new Conversation().toStep('setup-video').answer(200, { Transport: 'RTP/AVP;unicast;client_port=5000-5001' });
    expect(talk.ended).toMatchObject({ reason: 'protocol-error' });
  });

  it('that put two tracks on one channel', () => {
    const talk = new Conversation().toStep('setup-audio').answer(200, { Transport: 'RTP/AVP/TCP;interleaved=0-1' });
    expect(talk.ended).toMatchObject({ reason: 'protocol-error' });
  });

  it('that describe sound and refuse it', () => {
    const talk = new Conversation().toStep('setup-audio').answer(404);
    expect([talk.sent, talk.planned?.tracks.audio]).toEqual([`PLAY ${uri}/ RTSP/1.0`, null]);
  });

  it('that send media before they answer PLAY, or never answer it', () => {
    const talk = new Conversation().toStep('play').put({ kind: 'media-arrived' });
    expect(talk.effects.at(-1)).toEqual({ kind: 'play-started', keepAliveMs: 20_000 });
    talk.answer(200).put({ kind: 'answer-overdue' });
    expect([talk.session.step, talk.effects.filter((effect) => effect.kind === 'play-started').length]).toEqual(['playing', 1]);
  });

  it('that announce GET_PARAMETER and then refuse it', () => {
    const talk = new Conversation().toStep('playing').put({ kind: 'keep-alive-due' }).answer(501).put({ kind: 'keep-alive-due' });
    expect(talk.sent).toBe(`OPTIONS ${uri}/ RTSP/1.0`);
  });

  it('that refuse a keep-alive under the number of the request before it', () => {
    const talk = new Conversation().toStep('playing').put({ kind: 'keep-alive-due' });
    talk.put({ kind: 'message', message: response(400, { CSeq: String(talk.session.cseq - 1) }) }).put({ kind: 'keep-alive-due' });
    expect([talk.sent, talk.ended]).toEqual([`OPTIONS ${uri}/ RTSP/1.0`, undefined]);
  });

  it('that do not number their answers', () => {
    const talk = new Conversation();
    talk.put({ kind: 'message', message: response(200, { Public: 'OPTIONS' }) });
    expect(talk.sent).toBe(`DESCRIBE ${uri} RTSP/1.0`);
  });

  it('that answer an earlier request late', () => {
    const talk = new Conversation().toStep('describe');
    talk.put({ kind: 'message', message: response(404, { CSeq: '1' }) });
    expect([talk.session.step, talk.ended]).toEqual(['describe', undefined]);
  });

  it('that ask us something', () => {
    const talk = new Conversation().toStep('playing');
    const ask = (method: string): RtspMessage => ({ kind: 'request', method, uri, headers: new Map([['cseq', ['7']]]), body: Buffer.alloc(0) });
    expect(talk.put({ kind: 'message', message: ask('GET_PARAMETER') }).sent).toBe('RTSP/1.0 200 OK');
    expect(talk.put({ kind: 'message', message: ask('ANNOUNCE') }).sent).toBe('RTSP/1.0 501 Not Implemented');
    expect(talk.header('CSeq')).toBe('7');
  });

  it('that name timeouts of nothing, or of days', () => {
    const keepAlive = (timeout: string): unknown => {
      const talk = new Conversation()
        .toStep('setup-video', videoSdp)
        .answer(200, { Session: `1;timeout=${timeout}`, Transport: 'RTP/AVP/TCP;interleaved=0-1' });
      return talk.answer(200).effects.at(-1);
    };
    expect(keepAlive('0')).toEqual({ kind: 'play-started', keepAliveMs: 5000 });
    expect(keepAlive('99999')).toEqual({ kind: 'play-started', keepAliveMs: 30_000 });
  });
});

describe('authentication', () => {
  it('answers a challenge once, and counts the nonce up', () => {
    const talk = new Conversation().answer(401, { 'WWW-Authenticate': 'Digest realm="c", nonce="n1", qop="auth"' });
    expect(talk.sent).toBe(`OPTIONS ${uri} RTSP/1.0`);
    expect(talk.header('Authorization')).toContain('nc=00000001');
    expect(talk.answer(200).header('Authorization')).toContain('nc=00000002');
  });

  it('gives up when the same nonce is refused again', () => {
    const talk = new Conversation().answer(401, { 'WWW-Authenticate': challenge }).answer(401, { 'WWW-Authenticate': challenge });
    expect(talk.ended).toMatchObject({ reason: 'unauthorized' });
  });

  it('takes a stale nonce, and one that is new without saying so', () => {
    const talk = new Conversation().answer(401, { 'WWW-Authenticate': challenge }).answer(200);
    talk.answer(401, { 'WWW-Authenticate': 'Digest realm="camera", nonce="n2", stale=true' });
    expect([talk.sent, talk.header('Authorization')]).toEqual([`DESCRIBE ${uri} RTSP/1.0`, expect.stringContaining('nonce="n2"')]);
    talk.answer(200, {}, videoSdp).answer(401, { 'WWW-Authenticate': 'Digest realm="camera", nonce="n3"' });
    expect(talk.header('Authorization')).toContain('nonce="n3"');
  });

  it('gives up on a camera that makes up a nonce each time', () => {
    const talk = new Conversation();
    for (let index = 0; index < 3; index += 1) talk.answer(401, { 'WWW-Authenticate': `Digest realm="c", nonce="${index}"` });
    expect(talk.ended).toMatchObject({ reason: 'unauthorized' });
  });

  it('says so when no password is known, or no scheme', () => {
    expect(new Conversation(null).answer(401, { 'WWW-Authenticate': challenge }).ended).toMatchObject({ reason: 'unauthorized' });
    expect(new Conversation().answer(401, { 'WWW-Authenticate': 'Bearer' }).ended).toMatchObject({ reason: 'unauthorized' });
  });

  it('takes a new nonce for keep-alives, and lets media decide if that is refused', () => {
    const talk = new Conversation().toStep('playing').put({ kind: 'keep-alive-due' });
    talk.answer(401, { 'WWW-Authenticate': challenge });
    expect(talk.header('Authorization')).toContain('nonce="n1"');
    talk.answer(401, { 'WWW-Authenticate': challenge });
    expect([talk.session.step, talk.ended]).toEqual(['playing', undefined]);
  });
});

describe('reasons', () => {
  it.each([
    [401, 'unauthorized'],
    [403, 'unauthorized'],
    [404, 'stream-not-found'],
    [400, 'protocol-error'],
    [453, 'protocol-error'],
    [500, 'protocol-error'],
  ])('DESCRIBE answered %i → %s', (status, reason) => {
    expect(new Conversation().toStep('describe').answer(status).ended).toMatchObject({ reason });
  });

  it.each([
    ['no video', audioSdp, 'no-video'],
    ['a codec we do not carry', 'm=video 0 RTP/AVP 96\r\na=rtpmap:96 MP4V-ES/90000\r\n', 'codec-unsupported'],
    ['Motion JPEG alone', 'm=video 0 RTP/AVP 26\r\na=rtpmap:26 JPEG/90000\r\n', 'mjpeg-only'],
    ['nonsense', 'm=x\r\n', 'protocol-error'],
  ])('%s', (_, sdp, reason) => {
    expect(new Conversation().toStep('describe').answer(200, {}, sdp).ended).toMatchObject({ reason });
  });

  it.each(['options', 'describe', 'setup-video', 'setup-audio', 'play'] as const)('redirects at %s', (step) => {
    for (const status of [301, 302, 303, 305, 307]) {
      const talk = new Conversation().toStep(step).answer(status, { Location: 'rtsp://other/x' });
      expect(talk.effects.at(-1)).toEqual({ kind: 'redirect', location: 'rtsp://other/x', isProxy: status === 305 });
    }
  });

  it('ends when the camera says so', () => {
    for (const method of ['TEARDOWN', 'REDIRECT']) {
      const message: RtspMessage = { kind: 'request', method, uri, headers: new Map([['cseq', ['9']]]), body: Buffer.alloc(0) };
      const talk = new Conversation().toStep('playing').put({ kind: 'message', message });
      expect([talk.sent, talk.header('CSeq')]).toEqual(['RTSP/1.0 200 OK', '9']);
      expect(talk.ended).toMatchObject({ reason: 'closed-by-camera', detail: `the camera said ${method}` });
    }
  });

  it('pays no heed to an answer that is told twice, late, or for a request that was never made', () => {
    const talk = new Conversation().toStep('setup-video');
    const before = talk.session;
    for (const cseq of ['1', '2', '99', 'x']) talk.put({ kind: 'message', message: response(200, { CSeq: cseq, Session: 'other' }, videoSdp) });
    expect(talk.session).toEqual(before);
  });

  it('redirects once, and not twice', () => {
    const first = new Conversation().toStep('describe').answer(302, { Location: 'rtsp://other/x' });
    expect(first.effects.at(-1)).toEqual({ kind: 'redirect', location: 'rtsp://other/x', isProxy: false });
    const second = new Conversation(null, true).toStep('describe').answer(302, { Location: 'rtsp://other/x' });
    expect(second.ended).toMatchObject({ reason: 'protocol-error' });
  });

  it.each(['options', 'describe', 'setup-video', 'setup-audio', 'play'] as const)('silence in %s', (step) => {
    expect(new Conversation().toStep(step).put({ kind: 'answer-overdue' }).ended).toMatchObject({ reason: 'no-answer' });
  });
});

describe('every step with every input', () => {
  const steps: RtspStep[] = ['new', 'options', 'describe', 'ports', 'setup-video', 'setup-audio', 'play', 'playing', 'ended'];
  const inputs: RtspSessionInput[] = [
    { kind: 'connected' },
    { kind: 'media-arrived' },
    { kind: 'ports-opened', clientPorts: [50_000, 50_002] },
    { kind: 'ports-opened', clientPorts: null },
    { kind: 'answer-overdue' },
    { kind: 'keep-alive-due' },
    { kind: 'stop' },
    ...[100, 200, 302, 401, 404, 500].map((status): RtspSessionInput => ({ kind: 'message', message: response(status, {}) })),
    { kind: 'message', message: { kind: 'request', method: 'OPTIONS', uri, headers: new Map(), body: Buffer.alloc(0) } },
  ];
  const table = steps.flatMap((step) => inputs.map((input) => ({ step, input })));
  const startAt = (step: RtspStep): RtspSession => {
    if (step === 'new') return createRtspSession(uri, account, false);
    if (step === 'ports') return new Conversation(account, false, 'udp').toStep('setup-video').session;
    if (step === 'ended') return new Conversation().put({ kind: 'stop' }).session;
    return new Conversation().toStep(step).session;
  };

  it('holds the table', () => {
    const rows = table.map(({ step, input }) => {
      const { session, effects } = nextRtspSession(startAt(step), input, () => 'n');
      const name = input.kind === 'message' ? (input.message.kind === 'response' ? input.message.status : 'request') : input.kind;
      return `${step} + ${name} → ${session.step}: ${effects.map((effect) => (effect.kind === 'end' ? `end ${effect.reason}` : effect.kind)).join(', ')}`;
    });
    expect(rows).toMatchSnapshot();
  });

  it('does nothing any more once it has ended, and ends only once', () => {
    for (const { step, input } of table) {
      const { session, effects } = nextRtspSession(startAt(step), input, () => 'n');
      const ends = effects.filter((effect) => effect.kind === 'end' || effect.kind === 'redirect').length;
      expect(ends).toBe(session.step === 'ended' && step !== 'ended' ? 1 : 0);
      if (step === 'ended') expect(effects).toEqual([]);
    }
  });

  it('never writes a password in the clear, and no line of a hostile camera into a request', () => {
    const text = fc.string().map((value) => value.replace(/[\r\n]/g, ' '));
    const hostile = fc.record({
      status: fc.constantFrom(200, 200, 200, 401, 404),
      base: text,
      session: text,
      transport: text,
      control: text,
      nonce: text,
    });
    fc.assert(
      fc.property(fc.array(hostile, { maxLength: 8 }), (answers) => {
        const talk = new Conversation();
        for (const { status, base, session, transport, control, nonce } of answers) {
          const headers = { 'Content-Base': base, Session: session, Transport: transport, 'WWW-Authenticate': `Digest realm="r", nonce="${nonce}"` };
          const message = response(status, {}, `${videoSdp}a=control:${control}\r\n`);
          const all = new Map(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), [value]]));
          talk.put({ kind: 'message', message: { ...message, headers: all } });
        }
        for (const effect of talk.effects) {
          if (effect.kind !== 'send') continue;
          expect(effect.text).not.toContain(account.password);
          expect(effect.text.match(/^[A-Z_]+ \S* RTSP\/1\.0\r\n/), effect.text).not.toBeNull();
          for (const line of effect.text.split('\r\n').slice(1)) expect(line === '' || /^[A-Za-z-]+: /.test(line)).toBe(true);
        }
      }),
    );
  });
});
