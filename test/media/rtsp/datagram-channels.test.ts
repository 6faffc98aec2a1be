/** Ports on this machine's loopback; time stands still unless the test moves it. */
import { createSocket } from 'node:dgram';
import type { Socket } from 'node:dgram';
import { once } from 'node:events';
import { afterEach, expect, it } from 'vitest';
import { DatagramChannels } from '../../../media/rtsp/datagram-channels.ts';
import type { PlannedTracks } from '../../../media/rtsp/rtsp-session.ts';
import { openUdpPortPair } from '../../../media/rtsp/udp-port-pair.ts';
import { FakeClock } from '../../support/fake-clock.ts';
import { buildRtpPacket } from '../rtp/rtp-builder.ts';

const video = { codec: 'h264', payloadType: 96, clockRateHz: 90_000, control: null, parameterSets: [] } as const;
const closers: (() => void)[] = [];

afterEach(() => {
  for (const close of closers.splice(0)) close();
});

/** The camera's two ports. */
class Sender {
  readonly heard: string[] = [];
  rtp!: Socket;
  rtcp!: Socket;

  static async open(address = '127.0.0.1'): Promise<Sender> {
    const sender = new Sender();
    const open = async (name: string): Promise<Socket> => {
      const socket = createSocket('udp4');
      closers.push(() => socket.close());
      socket.on('message', (bytes) => sender.heard.push(`${name} ${bytes.toString('hex')}`));
      socket.bind(0, address);
      await once(socket, 'listening');
      return socket;
    };
    sender.rtp = await open('rtp');
    sender.rtcp = await open('rtcp');
    return sender;
  }
}

async function until(isTrue: () => boolean): Promise<void> {
  const startedMs = performance.now();
  while (!isTrue()) {
    if (performance.now() - startedMs > 20_000) throw new Error('did not happen');
    await new Promise((resolve) => setImmediate(resolve));
  }
}

async function open(peer: Sender, knowsPorts = true, sourceAddress: string | null = null) {
  const packets: string[] = [];
  /** Thrown with every packet. */
  const bug: { thrown: Error | null } = { thrown: null };
  const clock = new FakeClock();
  const channels = new DatagramChannels(
    clock,
    (channel, bytes, start, end) => {
      packets.push(`${channel}: ${bytes.toString('hex', start, end)}`);
      if (bug.thrown !== null) throw bug.thrown;
    },
    () => packets.push('exceeded'),
    (error) => packets.push(String(error)),
  );
  closers.push(() => channels.close());
  const [port = 0] = (await channels.open(1, '127.0.0.1')) ?? [];
  const [rtpPort, rtcpPort] = knowsPorts ? [peer.rtp.address().port, peer.rtcp.address().port] : [null, null];
  const tracks: PlannedTracks = {
    video: { format: video, channels: { rtp: 256, rtcp: 257 }, datagrams: { rtpPort, rtcpPort, sourceAddress } },
    audio: null,
  };
  channels.receive(tracks, '127.0.0.1');
  return { channels, clock, packets, port, bug };
}

const packet = (sequenceNumber: number): Buffer => buildRtpPacket({ sequenceNumber, payload: Buffer.from([sequenceNumber]) });
const seen = (sequenceNumber: number): string => `256: ${packet(sequenceNumber).toString('hex')}`;

it('opens neighbours, the even one first', async () => {
  const pairs = await Promise.all(Array.from({ length: 10 }, () => openUdpPortPair('127.0.0.1')));
  for (const pair of pairs) {
    closers.push(
      () => pair?.rtp.close(),
      () => pair?.rtcp.close(),
    );
    expect([pair?.rtpPort ?? 1, pair?.rtcp.address().port]).toEqual([(pair?.rtpPort ?? 0) & ~1, (pair?.rtpPort ?? 0) + 1]);
  }
  expect(await openUdpPortPair('192.0.2.1')).toBeNull();
});

it('hands packets on in order, and reports on their channel', async () => {
  const camera = await Sender.open();
  const { packets, port, channels, clock } = await open(camera);
  for (const number of [1, 3, 2]) camera.rtp.send(packet(number), port, '127.0.0.1');
  await until(() => packets.length === 3);
  camera.rtcp.send(Buffer.from('80c90000', 'hex'), port + 1, '127.0.0.1');
  await until(() => packets.length === 4);
  expect(packets).toEqual([seen(1), seen(2), seen(3), '257: 80c90000']);
  clock.advance(50);
  camera.rtp.send(packet(4), port, '127.0.0.1');
  await until(() => packets.length === 5);
  expect([channels.jitterTicks(257), channels.jitterTicks(1)]).toEqual([Math.round(4500 / 16), 0]);
});

it('keeps the way open, and sends reports, to the ports that the camera named', async () => {
  const camera = await Sender.open();
  const { channels } = await open(camera);
  channels.keepOpen();
  await until(() => camera.heard.length === 2);
  expect(camera.heard.toSorted()).toEqual(['rtcp 80c9000100000000', 'rtp 800000000000000000000000']);
  channels.sendRtcp(257, Buffer.from('81c90000', 'hex'));
  channels.sendRtcp(259, Buffer.from('00', 'hex'));
  await until(() => camera.heard.length === 3);
  expect(camera.heard[2]).toBe('rtcp 81c90000');
});

it('learns ports that the camera did not name', async () => {
  const camera = await Sender.open();
  const { channels, packets, port } = await open(camera, false);
  channels.keepOpen();
  camera.rtp.send(packet(1), port, '127.0.0.1');
  camera.rtcp.send(Buffer.from('80c90000', 'hex'), port + 1, '127.0.0.1');
  await until(() => packets.length === 2);
  channels.keepOpen();
  await until(() => camera.heard.length === 2);
});

it('takes nothing from other addresses, but from the source that the camera named', async () => {
  const [camera, stranger] = [await Sender.open(), await Sender.open('127.0.0.2')];
  const strict = await open(camera);
  stranger.rtp.send(packet(1), strict.port, '127.0.0.1');
  stranger.rtcp.send(packet(1), strict.port + 1, '127.0.0.1');
  await until(() => strict.channels.foreignPackets === 2);
  expect(strict.packets).toEqual([]);
  const told = await open(camera, true, '127.0.0.2');
  stranger.rtp.send(packet(1), told.port, '127.0.0.1');
  await until(() => told.packets.length === 1);
});

it('closes once, and hands on nothing from then on', async () => {
  const camera = await Sender.open();
  const { channels, packets, port, clock } = await open(camera);
  camera.rtp.send(packet(1), port, '127.0.0.1');
  await until(() => packets.length === 1);
  channels.close();
  channels.close();
  clock.advance(1000);
  expect([packets.length, clock.timerCount]).toEqual([1, 0]);
});

it('leaves out what a camera sends beyond its budget, and says so when that goes on for a second', async () => {
  const camera = await Sender.open();
  const { packets, port, clock } = await open(camera);
  const flood = (number: number): Buffer => buildRtpPacket({ sequenceNumber: number & 0xffff, payload: Buffer.alloc(60_000) });
  let sent = 0;
  const send = async (count: number): Promise<void> => {
    for (let index = 0; index < count; index++) {
      camera.rtp.send(flood(++sent), port, '127.0.0.1');
      // One after the other: the kernel's own buffer must not be what drops them.
      await new Promise((resolve) => setImmediate(resolve));
    }
  };
  await send(260);
  await until(() => packets.length === 260);
  // 300 Mbit/s from now on.
  for (let tenth = 0; tenth < 14; tenth++) {
    await send(62);
    clock.advance(100);
  }
  await until(() => packets.includes('exceeded'));
  expect(packets.filter((each) => each !== 'exceeded').length).toBeLessThan(sent);
});

it('tells of what a datagram makes throw, be it at once, in a report, or when a gap is given up', async () => {
  const camera = await Sender.open();
  const { packets, port, bug, clock } = await open(camera);
  camera.rtp.send(packet(1), port, '127.0.0.1');
  await until(() => packets.length === 1);
  bug.thrown = new Error('one of ours');
  camera.rtp.send(packet(2), port, '127.0.0.1');
  await until(() => packets.includes('Error: one of ours'));
  camera.rtcp.send(Buffer.from('80c90000', 'hex'), port + 1, '127.0.0.1');
  await until(() => packets.length === 5);
  camera.rtp.send(packet(9), port, '127.0.0.1');
  await until(() => clock.timerCount > 0);
  clock.advance(100);
  expect(packets.slice(1)).toEqual([seen(2), 'Error: one of ours', '257: 80c90000', 'Error: one of ours', seen(9), 'Error: one of ours']);
});
