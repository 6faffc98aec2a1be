/** Why a picture comes the way it does: in words for the person who asks, best reason first. */
import type { PlayFailureCode, StreamCause } from './live-machine.ts';
import { transports, type PlayCandidate, type StreamRole, type Transport } from './stream-plan.ts';

/** A key of a text with its values; a value that names a transport or a stream is one of {@link Transport} or {@link StreamRole}. */
export interface ReasonText {
  readonly key: string;
  readonly values?: Readonly<Record<string, string>>;
}

/** Why this transport and not a better one. */
export function explainTransport(facts: {
  readonly playing: PlayCandidate;
  readonly pinned: Transport | null;
  /** Its sound needs this way. */
  readonly isForSound: boolean;
  /** What went wrong on this tile, by transport. */
  readonly failures: ReadonlyMap<Transport, PlayFailureCode>;
  /** Ways that other tiles of the node could not use lately. */
  readonly avoided: readonly Transport[];
}): readonly ReasonText[] {
  const { playing, pinned, failures, avoided } = facts;
  if (pinned === playing.transport) return [{ key: 'player.why.chosen' }];
  const better = transports.slice(0, transports.indexOf(playing.transport));
  if (facts.isForSound && (pinned !== null || better.length > 0)) return [{ key: 'player.why.sound' }];
  if (better.length === 0) return [{ key: 'player.why.best' }];
  return better.map((transport) => {
    const failure = failures.get(transport);
    if (failure !== undefined) return { key: 'player.why.failed', values: { transport, failure } };
    if (avoided.includes(transport)) return { key: 'player.why.avoided', values: { transport } };
    return { key: 'player.why.unable', values: { transport } };
  });
}

/** Why this stream and not the other. */
export function explainRole(facts: {
  readonly playing: PlayCandidate;
  /** `auto`: by size. */
  readonly asked: StreamRole | 'auto';
  readonly isForZoom: boolean;
  /** Why it is not the wanted one; null when it is. */
  readonly because: StreamCause | null;
  readonly hasOther: boolean;
}): ReasonText {
  const { playing, asked, because } = facts;
  if (!facts.hasOther) return { key: 'player.why.only' };
  if (because !== null) return explainOther(because, playing.role);
  if (facts.isForZoom && playing.role === 'main') return { key: 'player.why.zoom' };
  if (asked === 'auto') return { key: playing.role === 'main' ? 'player.why.large' : 'player.why.small' };
  return { key: 'player.why.asked' };
}

function explainOther(because: StreamCause, role: StreamRole): ReasonText {
  const wanted = role === 'main' ? 'sub' : 'main';
  switch (because) {
    case 'h265':
      return { key: 'player.fellBackH265', values: { wanted, playing: role } };
    case 'slow':
      return { key: 'player.fellBackSlow' };
    case 'sound':
      return { key: 'player.why.sound' };
    case 'chosen-way':
      return { key: 'player.why.chosenWay', values: { wanted } };
    case 'unable':
      return { key: 'player.why.otherUnable', values: { wanted } };
    case 'failed':
      return { key: 'player.why.otherFailed', values: { wanted } };
  }
}
