/** Texts for the problem codes of the HTTP API. The screen shows these, never the server's message. */
import type { ProblemCode } from '../../server/contract/problems.ts';

/** What the API client itself can run into, beside the server's codes. */
export type ClientProblemCode = 'network-unreachable' | 'answer-unreadable';

/** One text per code. */
export type ProblemTexts = Readonly<Record<ProblemCode | ClientProblemCode, string>>;

const zh: ProblemTexts = {
  'validation-failed': '填写的内容有误，请检查标出的项目',
  'malformed-json': '请求格式错误',
  'payload-too-large': '提交的内容过大',
  unauthenticated: '登录已失效，请重新登录',
  'invalid-credentials': '用户名或密码不正确',
  'account-locked': '账号已锁定，请稍后再试',
  'too-many-requests': '操作过于频繁，请稍后再试',
  forbidden: '没有此操作的权限',
  'not-found': '所查内容不存在或已删除',
  'method-not-allowed': '不支持此操作',
  conflict: '与现有数据冲突',
  'already-acknowledged': '告警已被他人确认',
  'already-closed': '告警已关闭',
  'setup-not-needed': '系统已完成初始化',
  'setup-token-wrong': '初始化口令不正确',
  'setup-required': '系统尚未初始化',
  'register-entry-required': '须先填写调阅登记',
  'register-entry-does-not-cover': '调阅登记不包含此摄像机或时段',
  'camera-has-no-such-stream': '摄像机没有该码流',
  'no-media-node': '没有可用的流媒体节点',
  'area-has-children': '该区域下还有下级，不能删除',
  'area-cycle': '上级区域不能是自己的下级',
  'in-use': '正在使用，不能删除',
  unavailable: '服务暂不可用，请稍后再试',
  internal: '服务器内部错误',
  'network-unreachable': '无法连接服务器',
  'answer-unreadable': '服务器的回答无法识别',
};

const en: ProblemTexts = {
  'validation-failed': 'Some entries are not valid; see the marked fields',
  'malformed-json': 'The request was malformed',
  'payload-too-large': 'Too much data was sent',
  unauthenticated: 'Your session has ended; please sign in again',
  'invalid-credentials': 'User name or password is wrong',
  'account-locked': 'This account is locked; try again later',
  'too-many-requests': 'Too many attempts; try again later',
  forbidden: 'You do not have the right to do this',
  'not-found': 'This does not exist or has been removed',
  'method-not-allowed': 'This action is not supported',
  conflict: 'This conflicts with existing data',
  'already-acknowledged': 'Somebody else has acknowledged this alarm',
  'already-closed': 'This alarm is closed',
  'setup-not-needed': 'This installation is already set up',
  'setup-token-wrong': 'The setup token is wrong',
  'setup-required': 'This installation is not set up yet',
  'register-entry-required': 'An access register entry is required first',
  'register-entry-does-not-cover': 'The access register entry does not cover this camera or time',
  'camera-has-no-such-stream': 'The camera has no such stream',
  'no-media-node': 'No media node is available',
  'area-has-children': 'This area still has areas below it',
  'area-cycle': 'An area cannot lie below itself',
  'in-use': 'In use; it cannot be removed',
  unavailable: 'The service is not available right now; try again later',
  internal: 'Internal server error',
  'network-unreachable': 'The server cannot be reached',
  'answer-unreadable': "The server's answer could not be read",
};

export const problemMessages = { zh, en };
