import { sql } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DomainWorld } from '../../support/domain-world.ts';
import { observedStream } from '../../support/fake-media-nodes.ts';

let world: DomainWorld;
let nodeId: string;
beforeAll(async () => {
  world = await DomainWorld.open();
  nodeId = await world.nodes.register(world.database.db, 'node');
  world.nodes.link(nodeId);
  world.nodes.observe(nodeId, []);
});
afterAll(() => world.close());

const makeCamera = (over: object = {}) =>
  world.call('administrator', 'POST', '/cameras', {
    name: '大门',
    streams: [
      { role: 'main', url: 'rtsp://admin:s3cret@10.0.0.5:554/main' },
      { role: 'sub', url: 'rtsp://admin:s3cret@10.0.0.5:554/sub', transport: 'tcp' },
    ],
    ...over,
  });

describe('a camera', () => {
  it('is entered with a device of its own, defaults, a node and a first state', async () => {
    const pushes = world.nodes.pushes;
    const camera = await makeCamera({ longitude: 104.851234, latitude: 29.781234, bearingDeg: 90 });
    expect(camera).toMatchObject({
      name: '大门',
      channel: 1,
      mode: 'always',
      isRecorded: true,
      retentionDays: 30,
      isKeyPlace: false,
      bearingDeg: 90,
      mediaNodeId: nodeId,
      firstOnlineAt: null,
      streams: [
        { role: 'main', url: 'rtsp://10.0.0.5:554/main', transport: 'auto', hasCredentials: true },
        { role: 'sub', url: 'rtsp://10.0.0.5:554/sub', transport: 'tcp', hasCredentials: true },
      ],
      state: { status: 'connecting', reason: null, isRecording: false, retryAt: null, streams: [] },
    });
    expect(world.nodes.pushes).toBeGreaterThan(pushes);
    const devices = await world.call('operator', 'GET', '/devices');
    expect(devices.items.find((device: { id: string }) => device.id === camera.deviceId)).toMatchObject({
      kind: 'ipc',
      host: '10.0.0.5',
      channelCount: 1,
    });
    expect(await world.call('operator', 'GET', `/cameras/${camera.id}`)).toEqual(camera);
  });

  it('gives its password to the node and to nobody else', async () => {
    const camera = await makeCamera();
    const [main, sub] = (await world.desiredStreams(nodeId)).filter((stream) => stream.cameraId === camera.id);
    expect(main).toMatchObject({
      role: 'main',
      mode: 'always',
      credentials: { username: 'admin', password: 's3cret' },
      recording: { retentionDays: 30 },
    });
    expect(sub).toMatchObject({ role: 'sub', mode: 'on-demand', credentials: { username: 'admin', password: 's3cret' }, recording: null });
    const tables = ['cameras', 'camera_streams', 'devices', 'audit_entries', 'realtime_events'];
    for (const table of tables) {
      const rows = await world.database.db.execute(sql`select t::text as row from ${sql.identifier(table)} t`);
      expect(JSON.stringify(rows), table).not.toContain('s3cret');
    }
  });

  it('keeps its password when a form sends the address back without it, and loses it on another host or port', async () => {
    const camera = await makeCamera({ streams: [{ role: 'main', url: 'rtsp://admin:s3cret@10.0.0.5/main' }] });
    const passwordOf = async () =>
      (await world.desiredStreams(nodeId)).find((stream) => stream.cameraId === camera.id)?.credentials?.password ?? null;
    const patch = (url: string) => world.call('administrator', 'PATCH', `/cameras/${camera.id}`, { streams: [{ role: 'main', url }] });
    await patch('rtsp://10.0.0.5/other');
    expect(await passwordOf()).toBe('s3cret');
    await patch('rtsp://admin:new@10.0.0.5/other');
    expect(await passwordOf()).toBe('new');
    expect((await patch('rtsp://10.0.0.5:8554/other')).streams[0].hasCredentials).toBe(false);
    expect(await passwordOf()).toBeNull();
    await patch('rtsp://admin:new@10.0.0.5/other');
    expect((await patch('rtsp://@10.0.0.5/other')).streams[0].hasCredentials).toBe(false);
  });

  it('travels as it is told, and stays so while nobody says otherwise', async () => {
    const camera = await makeCamera({ streams: [{ role: 'main', url: 'rtsp://c/1', transport: 'udp' }] });
    const desired = async () => (await world.desiredStreams(nodeId)).find((stream) => stream.cameraId === camera.id)?.transport;
    expect([camera.streams[0].transport, await desired()]).toEqual(['udp', 'udp']);
    const patch = (stream: object) => world.call('administrator', 'PATCH', `/cameras/${camera.id}`, { streams: [{ role: 'main', ...stream }] });
    expect((await patch({ url: 'rtsp://c/2' })).streams[0].transport).toBe('udp');
    expect((await patch({ url: 'rtsp://c/2', transport: 'tcp' })).streams[0].transport).toBe('tcp');
    expect(await desired()).toBe('tcp');
  });

  it.each([
    ['another scheme', { streams: [{ role: 'main', url: 'http://u:hidden@10.0.0.5/' }] }, 'body.streams[0].url'],
    ['a file', { streams: [{ role: 'main', url: 'file:///etc/passwd' }] }, 'body.streams[0].url'],
    ['no main stream', { streams: [{ role: 'sub', url: 'rtsp://c/1' }] }, 'body.streams'],
    [
      'two main streams',
      {
        streams: [
          { role: 'main', url: 'rtsp://c/1' },
          { role: 'main', url: 'rtsp://c/2' },
        ],
      },
      'body.streams',
    ],
    ['an unknown transport', { streams: [{ role: 'main', url: 'rtsp://c/1', transport: 'sctp' }] }, 'body.streams[0].transport'],
    ['position 0,0', { longitude: 0, latitude: 0 }, 'body.longitude'],
    ['an unknown compound', { compoundId: '00000000-0000-4000-8000-000000000000' }, 'body.compoundId'],
    ['a year and a day', { retentionDays: 366 }, 'body.retentionDays'],
    ['an unknown field', { password: 'hidden' }, 'body.password'],
  ])('is refused with %s', async (_, over, path) => {
    const { status, body } = await world.answer('administrator', 'POST', '/cameras', {
      name: 'x',
      streams: [{ role: 'main', url: 'rtsp://c/1' }],
      ...over,
    });
    expect([status, body.code, body.errors[0].path]).toEqual([400, 'validation-failed', path]);
    expect(JSON.stringify(body)).not.toContain('hidden@');
  });

  it('takes channels of a recorder, each once', async () => {
    const nvr = await world.call('administrator', 'POST', '/devices', { kind: 'nvr', name: 'NVR', channelCount: 2 });
    const at = (channel?: number) => ({
      deviceId: nvr.id,
      streams: [{ role: 'main', url: 'rtsp://10.0.0.9/1' }],
      ...(channel === undefined ? {} : { channel }),
    });
    expect((await makeCamera(at(2))).channel).toBe(2);
    expect((await world.answer('administrator', 'POST', '/cameras', { name: 'x', ...at(2) })).body.code).toBe('conflict');
    expect((await world.answer('administrator', 'POST', '/cameras', { name: 'x', ...at(3) })).body.errors[0].path).toBe('body.channel');
    const second = await makeCamera(at());
    expect(second.channel).toBe(1);
    expect((await world.answer('administrator', 'POST', '/cameras', { name: 'x', ...at() })).body.code).toBe('conflict');
    expect((await world.answer('administrator', 'PATCH', `/devices/${nvr.id}`, { channelCount: 1 })).body.code).toBe('in-use');
    await world.call('administrator', 'DELETE', `/cameras/${second.id}`);
    expect((await makeCamera(at())).channel).toBe(1);
  });

  it('is found by name and pinyin, by status and by compound', async () => {
    const area = await world.call('administrator', 'POST', '/areas', { kind: 'district', name: '资中县' });
    const compound = await world.call('administrator', 'POST', '/compounds', { areaId: area.id, name: '凤凰城' });
    const camera = await makeCamera({ name: '北侧停车场', compoundId: compound.id });
    const found = async (query: string) => (await world.call('operator', 'GET', `/cameras?${query}`)).items.map((one: { id: string }) => one.id);
    for (const query of ['q=停车', 'q=bctcc', 'q=tingche', 'q=fhc', 'q=凤凰', `compoundId=${compound.id}`, `area=${area.id}`]) {
      expect(await found(query), query).toEqual([camera.id]);
    }
    expect(await found('q=bctcx')).toEqual([]);
    expect(await found('q=%25')).toEqual([]);
    await world.observe(nodeId, [observedStream(camera.id, world.clock.wallClockMs())]);
    expect(await found('status=online')).toEqual([camera.id]);
    expect(await found('status=degraded')).toEqual([]);
  });

  it('is changed, accepted, and the acceptance taken back', async () => {
    const camera = await makeCamera();
    const changed = await world.call('administrator', 'PATCH', `/cameras/${camera.id}`, {
      name: '东门',
      isKeyPlace: true,
      mode: 'on-demand',
      isRecorded: false,
    });
    expect(changed).toMatchObject({ name: '东门', isKeyPlace: true, mode: 'on-demand', isRecorded: false, streams: camera.streams });
    const accepted = await world.call('administrator', 'PUT', `/cameras/${camera.id}/acceptance`, { acceptedOn: '2026-03-18', acceptedBy: '周明远' });
    expect(accepted).toMatchObject({ acceptedOn: '2026-03-18', acceptedBy: '周明远' });
    const taken = await world.call('administrator', 'PUT', `/cameras/${camera.id}/acceptance`, { acceptedOn: null, acceptedBy: null });
    expect(taken).toMatchObject({ acceptedOn: null, acceptedBy: null });
    expect(
      (await world.answer('administrator', 'PUT', `/cameras/${camera.id}/acceptance`, { acceptedOn: '2026-02-30', acceptedBy: 'x' })).status,
    ).toBe(400);
  });

  it('goes softly: its history stays, the node lets go of it', async () => {
    const camera = await makeCamera();
    await world.pass(1000);
    await world.call('administrator', 'DELETE', `/cameras/${camera.id}`);
    expect((await world.answer('operator', 'GET', `/cameras/${camera.id}`)).status).toBe(404);
    expect((await world.desiredStreams(nodeId)).some((stream) => stream.cameraId === camera.id)).toBe(false);
    const devices = await world.call('operator', 'GET', '/devices?limit=500');
    expect(devices.items.some((device: { id: string }) => device.id === camera.deviceId)).toBe(false);
    const history = await world.call('operator', 'GET', `/cameras/${camera.id}/status-history`);
    expect(history.items.at(-1).to).not.toBeNull();
    expect((await world.answer('administrator', 'DELETE', `/cameras/${camera.id}`)).status).toBe(404);
  });

  it('waits for the first node when there is none', async () => {
    const lonely = await DomainWorld.open();
    try {
      const camera = await lonely.call('administrator', 'POST', '/cameras', { name: 'x', streams: [{ role: 'main', url: 'rtsp://c/1' }] });
      expect(camera).toMatchObject({ mediaNodeId: null, state: { status: 'unknown', reason: 'not-assigned' } });
      expect((await lonely.answer('operator', 'POST', `/cameras/${camera.id}/tickets`, { right: 'live' })).body.code).toBe('no-media-node');
      const first = await lonely.nodes.register(lonely.database.db, 'first');
      lonely.nodes.link(first);
      await expect.poll(async () => (await lonely.call('operator', 'GET', `/cameras/${camera.id}`)).mediaNodeId).toBe(first);
      await lonely.observe(first, [observedStream(camera.id, lonely.clock.wallClockMs())]);
      expect((await lonely.call('operator', 'GET', `/cameras/${camera.id}`)).state.status).toBe('online');
    } finally {
      await lonely.close();
    }
  });
});

describe('tickets', () => {
  it('for live video name camera, stream and person, with absolute addresses', async () => {
    const camera = await makeCamera();
    const answer = await world.call('operator', 'POST', `/cameras/${camera.id}/tickets`, { right: 'live' });
    expect(answer.urls).toEqual({
      hls: `http://127.0.0.1:8090/live/${camera.id}/main/index.m3u8?ticket=${answer.ticket}`,
      whep: `http://127.0.0.1:8090/live/${camera.id}/main/whep?ticket=${answer.ticket}`,
      snapshot: `http://127.0.0.1:8090/live/${camera.id}/main/snapshot.jpg?ticket=${answer.ticket}`,
    });
    expect(answer.webSocketUrl).toBe('ws://127.0.0.1:8090/ws');
    const nowS = Math.floor(world.clock.wallClockMs() / 1000);
    expect(world.nodes.tickets.at(-1)).toMatchObject({ right: 'live', cameraId: camera.id, role: 'main', expiresAtS: nowS + 300, playback: null });
    await world.call('operator', 'POST', `/cameras/${camera.id}/tickets`, { right: 'live', stream: 'sub' });
    expect(world.nodes.tickets.at(-1)).toMatchObject({ role: 'sub' });
  });

  it('are refused without the right, for a stream that is not there, and for an unknown camera', async () => {
    const camera = await makeCamera({ streams: [{ role: 'main', url: 'rtsp://c/1' }] });
    const codeFor = async (role: 'auditor' | 'operator', body: unknown, id = camera.id) =>
      (await world.answer(role, 'POST', `/cameras/${id}/tickets`, body)).body.code;
    expect(await codeFor('auditor', { right: 'live' })).toBe('forbidden');
    expect(await codeFor('operator', { right: 'live', stream: 'sub' })).toBe('camera-has-no-such-stream');
    expect(await codeFor('operator', { right: 'live' }, crypto.randomUUID())).toBe('not-found');
    expect(await codeFor('operator', { right: 'everything' })).toBe('validation-failed');
    const span = { from: '2026-05-01T00:00:00Z', to: '2026-05-01T00:10:00Z' };
    expect(await codeFor('operator', { right: 'playback', ...span })).toBe('forbidden');
  });

  it('for recordings need an entry of the same person that covers camera and span, and carry it', async () => {
    const [camera, other] = [await makeCamera(), await makeCamera()];
    const span = { from: '2026-05-01T00:00:00.000Z', to: '2026-05-01T01:00:00.000Z' };
    const ask = (role: 'officer' | 'administrator', body: object, id = camera.id) =>
      world.answer(role, 'POST', `/cameras/${id}/tickets`, { right: 'playback', ...span, ...body });
    expect([(await ask('officer', {})).status, (await ask('officer', {})).body.code]).toEqual([403, 'register-entry-required']);
    const entry = await world.call('officer', 'POST', '/access-register', { cameraIds: [camera.id], ...span, reason: '盗窃案', caseNumber: 'A-1' });
    const granted = await ask('officer', { registerEntryId: entry.id });
    expect(granted.status).toBe(200);
    expect(granted.body.urls).toEqual({
      hls: `http://127.0.0.1:8090/playback/${camera.id}/index.m3u8?ticket=${granted.body.ticket}`,
      mp4: `http://127.0.0.1:8090/playback/${camera.id}/video.mp4?ticket=${granted.body.ticket}`,
    });
    expect(world.nodes.tickets.at(-1)).toMatchObject({
      right: 'playback',
      playback: { fromMs: Date.parse(span.from), toMs: Date.parse(span.to), registerEntryId: entry.id },
    });
    expect((await ask('officer', { registerEntryId: entry.id }, other.id)).body.code).toBe('register-entry-does-not-cover');
    expect((await ask('officer', { registerEntryId: entry.id, to: '2026-05-01T01:00:01Z' })).body.code).toBe('register-entry-does-not-cover');
    expect((await ask('administrator', { registerEntryId: entry.id })).body.code).toBe('register-entry-required');
    expect((await ask('officer', { registerEntryId: crypto.randomUUID() })).body.code).toBe('register-entry-required');
  });

  it('for recordings of a camera that was removed are still given: it is what they may be needed for', async () => {
    const camera = await makeCamera();
    await world.call('administrator', 'DELETE', `/cameras/${camera.id}`);
    const span = { from: '2026-05-01T00:00:00.000Z', to: '2026-05-01T01:00:00.000Z' };
    const entry = await world.call('officer', 'POST', '/access-register', { cameraIds: [camera.id], ...span, reason: '盗窃案' });
    const ask = (body: object) => world.answer('officer', 'POST', `/cameras/${camera.id}/tickets`, { ...span, ...body });
    expect((await ask({ right: 'playback', registerEntryId: entry.id })).status).toBe(200);
    expect((await world.answer('officer', 'POST', `/cameras/${camera.id}/tickets`, { right: 'live' })).body.code).toBe('not-found');
  });
});
