import { describe, expect, it } from 'vitest';
import { createCredentialCipher } from '../../../server/cameras/credential-cipher.ts';
import { buildDesiredStreams, chooseNode, credentialOwner } from '../../../server/cameras/desired-state.ts';
import type { AssignedStream } from '../../../server/cameras/desired-state.ts';

const cipher = createCredentialCipher(new Uint8Array(32).fill(7));
const credentials = { username: 'admin', password: 'secret' };
const main: AssignedStream = {
  cameraId: 'cam',
  deviceId: 'nvr',
  role: 'main',
  url: 'rtsp://10.0.0.5/1',
  sealedCredentials: cipher.seal(credentials, credentialOwner('cam', 'main')),
  mode: 'always',
  isRecorded: true,
  retentionDays: 30,
  transport: 'auto',
};

const fail = (stream: AssignedStream): never => {
  throw new Error(`credentials of ${stream.cameraId} did not open`);
};

describe('buildDesiredStreams', () => {
  it('pulls and records the main stream, and pulls the sub stream on demand', () => {
    const sub: AssignedStream = { ...main, role: 'sub', url: 'rtsp://10.0.0.5/2', transport: 'udp', sealedCredentials: null };
    expect(buildDesiredStreams([main, sub], cipher, fail)).toEqual([
      {
        cameraId: 'cam',
        role: 'main',
        deviceId: 'nvr',
        url: 'rtsp://10.0.0.5/1',
        credentials,
        transport: 'auto',
        mode: 'always',
        recording: { retentionDays: 30 },
      },
      {
        cameraId: 'cam',
        role: 'sub',
        deviceId: 'nvr',
        url: 'rtsp://10.0.0.5/2',
        credentials: null,
        transport: 'udp',
        mode: 'on-demand',
        recording: null,
      },
    ]);
  });

  it('follows the camera: on demand, not recorded', () => {
    const [stream] = buildDesiredStreams([{ ...main, mode: 'on-demand', isRecorded: false }], cipher, fail);
    expect([stream?.mode, stream?.recording]).toEqual(['on-demand', null]);
  });
});

describe('credentials that cannot be opened', () => {
  it('cost the streams they belong to their password, and no other stream anything', () => {
    const lost: AssignedStream = { ...main, cameraId: 'other' };
    const unreadable: string[] = [];
    const streams = buildDesiredStreams([lost, main], cipher, ({ cameraId, role }) => unreadable.push(`${cameraId}/${role}`));
    expect(streams.map((stream) => stream.credentials)).toEqual([null, credentials]);
    expect(unreadable).toEqual(['other/main']);
  });
});

describe('chooseNode', () => {
  it.each([
    ['none', [], null],
    ['the only one, even lost', [{ id: 'a', isLinked: false, cameraCount: 9 }], 'a'],
    [
      'the one with fewer cameras',
      [
        { id: 'a', isLinked: true, cameraCount: 9 },
        { id: 'b', isLinked: true, cameraCount: 2 },
      ],
      'b',
    ],
    [
      'a linked one before a lost one',
      [
        { id: 'a', isLinked: false, cameraCount: 0 },
        { id: 'b', isLinked: true, cameraCount: 99 },
      ],
      'b',
    ],
    [
      'the first by id when equal',
      [
        { id: 'b', isLinked: true, cameraCount: 1 },
        { id: 'a', isLinked: true, cameraCount: 1 },
      ],
      'a',
    ],
  ])('%s', (_, nodes, expected) => {
    expect(chooseNode(nodes)).toBe(expected);
  });
});
