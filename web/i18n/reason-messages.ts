/** Words for camera states, for the reasons of "no picture" and for gaps in recordings. */
import type { CameraState, CameraStatus, RecordingGapReason } from '../../server/contract/cameras.ts';

type NoPictureReason = NonNullable<CameraState['reason']>;

/** Words by state, by reason of no picture, by reason of a gap. */
export interface ReasonTexts {
  readonly status: Readonly<Record<CameraStatus, string>>;
  readonly noPicture: Readonly<Record<NoPictureReason, string>>;
  readonly gap: Readonly<Record<Exclude<RecordingGapReason, NoPictureReason>, string>>;
}

const zh: ReasonTexts = {
  status: { online: '在线', degraded: '异常', offline: '离线', connecting: '连接中', idle: '待机', unknown: '未知' },
  noPicture: {
    'address-unresolved': '地址无法解析',
    'connection-refused': '连接被拒绝',
    'connection-timed-out': '连接超时',
    'host-unreachable': '网络不可达',
    unauthorized: '用户名或密码被拒绝',
    'stream-not-found': '设备上没有该码流',
    'no-answer': '设备无应答',
    'protocol-error': '协议错误',
    'codec-unsupported': '编码不支持',
    'mjpeg-only': '只有 MJPEG，请在摄像机上改为 H.264',
    'no-video': '只有声音，没有视频',
    'no-packets': '收不到数据',
    'no-key-frame': '没有关键帧',
    'picture-frozen': '画面静止不变',
    'timestamps-broken': '时间戳错乱',
    'closed-by-camera': '被设备断开',
    'waiting-for-budget': '排队等待连接',
    'node-lost': '流媒体节点失联',
    'not-assigned': '未分配流媒体节点',
  },
  gap: {
    'not-recorded': '未设置录像',
    'before-first-recording': '录像开始之前',
    expired: '已过保存期',
    'in-the-future': '尚未到达',
    unexplained: '原因不明',
  },
};

const en: ReasonTexts = {
  status: { online: 'Online', degraded: 'Degraded', offline: 'Offline', connecting: 'Connecting', idle: 'Idle', unknown: 'Unknown' },
  noPicture: {
    'address-unresolved': 'Address not resolved',
    'connection-refused': 'Connection refused',
    'connection-timed-out': 'Connection timed out',
    'host-unreachable': 'Host unreachable',
    unauthorized: 'User name or password refused',
    'stream-not-found': 'No such stream on the device',
    'no-answer': 'Device does not answer',
    'protocol-error': 'Protocol error',
    'codec-unsupported': 'Codec not supported',
    'mjpeg-only': 'MJPEG only: set the camera to H.264',
    'no-video': 'Sound only, no video',
    'no-packets': 'No data arrives',
    'no-key-frame': 'No key frame',
    'picture-frozen': 'Picture does not change',
    'timestamps-broken': 'Broken timestamps',
    'closed-by-camera': 'Closed by the device',
    'waiting-for-budget': 'Queued for connection',
    'node-lost': 'Media node lost',
    'not-assigned': 'Not assigned to a media node',
  },
  gap: {
    'not-recorded': 'Not recorded',
    'before-first-recording': 'Before the first recording',
    expired: 'Retention expired',
    'in-the-future': 'Not yet reached',
    unexplained: 'Unexplained',
  },
};

export const reasonMessages = { zh, en };
