/** All targets. */
import type { FuzzTarget } from './fuzz-target.ts';
import { aacConfig } from './targets/aac-config.ts';
import { mp4 } from './targets/mp4.ts';
import { h264ParameterSets, h265ParameterSets } from './targets/parameter-sets.ts';
import { pageMessage } from './targets/page-message.ts';
import { rtcp } from './targets/rtcp.ts';
import { rtp } from './targets/rtp.ts';
import { rtspFraming } from './targets/rtsp-framing.ts';
import { sdp } from './targets/sdp.ts';
import { ticket } from './targets/ticket.ts';
import { trickleFragment } from './targets/trickle-fragment.ts';
import { whepOffer } from './targets/whep-offer.ts';

export const fuzzTargets: readonly FuzzTarget[] = [
  rtspFraming,
  sdp,
  rtp,
  rtcp,
  h264ParameterSets,
  h265ParameterSets,
  aacConfig,
  whepOffer,
  trickleFragment,
  ticket,
  mp4,
  pageMessage,
];
