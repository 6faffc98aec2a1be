import { expect, it } from 'vitest';
import { judgeAcknowledgement, judgeClosing } from '../../../server/alarms/handling.ts';
import type { HandlingFacts } from '../../../server/alarms/handling.ts';

it.each<[HandlingFacts, ReturnType<typeof judgeAcknowledgement>, ReturnType<typeof judgeClosing>]>([
  [{ handling: 'open', acknowledgedBy: null }, 'acknowledge', 'close'],
  [{ handling: 'acknowledged', acknowledgedBy: 'me' }, 'unchanged', 'close'],
  [{ handling: 'acknowledged', acknowledgedBy: 'other' }, 'already-acknowledged', 'close'],
  [{ handling: 'closed', acknowledgedBy: 'me' }, 'unchanged', 'already-closed'],
  [{ handling: 'closed', acknowledgedBy: 'other' }, 'already-acknowledged', 'already-closed'],
  [{ handling: 'closed', acknowledgedBy: null }, 'already-closed', 'already-closed'],
])('%j: acknowledging gives %s, closing gives %s', (facts, acknowledgement, closing) => {
  expect(judgeAcknowledgement(facts, 'me')).toBe(acknowledgement);
  expect(judgeClosing(facts)).toBe(closing);
});
