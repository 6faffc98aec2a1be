/** RTCP of cameras, and of browsers. */
import { parseRtcp } from '../../../media/rtp/rtcp.ts';
import { parseRtcpFeedback } from '../../../media/webrtc/rtcp-feedback.ts';
import { mustHold } from '../fuzz-target.ts';
import type { FuzzTarget } from '../fuzz-target.ts';

/** The source that the reports of the corpus are about. */
const OUR_SSRC = 2;

/** What is read is a number that can be reckoned with. */
export const rtcp: FuzzTarget = {
  name: 'rtcp',
  run(input) {
    const { senderReport } = parseRtcp(input, 0, input.length);
    if (senderReport !== null) {
      mustHold(Number.isFinite(senderReport.ntpMs) && senderReport.ntpMs >= 0, 'a report without a time');
      mustHold(senderReport.lastReportNtp >= 0 && senderReport.lastReportNtp <= 0xffffffff, 'a timestamp out of range');
    }
    parseRtcpFeedback(Buffer.from(input), OUR_SSRC);
  },
};
