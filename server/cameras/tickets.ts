/** Tickets: one person, one camera, a short time. Playback needs an entry of the access register by the same person. */
import type { StreamRole } from '../../media/contract/streams.ts';
import type { Actor } from '../audit/change.ts';
import type { Right, SessionUser } from '../contract/accounts.ts';
import type { LiveTicket, PlaybackTicket } from '../contract/cameras.ts';
import { DomainError } from '../http/problem.ts';
import type { RequestFacts } from '../http/route.ts';
import type { Platform } from '../platform.ts';
import { judgeRegisterCover } from '../recordings/register-cover.ts';
import type { RegisterEntryFacts } from '../recordings/register-cover.ts';
import { liveSocketUrl, liveUrls, playbackUrls } from './media-urls.ts';
import { findRecordingNode, loadCamera } from './store.ts';

export interface PlaybackWishDraft {
  readonly from: Date;
  readonly to: Date;
  readonly registerEntryId: string | null;
}

export interface TicketOffice {
  /** @throws {DomainError} `forbidden`, `not-found`, `camera-has-no-such-stream`, `no-media-node`. */
  issueLive(person: SessionUser, request: RequestFacts, cameraId: string, role: StreamRole): Promise<LiveTicket>;
  /** @throws {DomainError} as `issueLive`, `register-entry-required`, `register-entry-does-not-cover`. */
  issuePlayback(person: SessionUser, actor: Actor, request: RequestFacts, cameraId: string, wish: PlaybackWishDraft): Promise<PlaybackTicket>;
}

export interface TicketOfficeOptions {
  readonly platform: Pick<Platform, 'db' | 'changes' | 'clock' | 'mediaNodes' | 'settings'>;
  readonly findRegisterEntry: (id: string) => Promise<RegisterEntryFacts | null>;
}

export function createTicketOffice({ platform, findRegisterEntry }: TicketOfficeOptions): TicketOffice {
  const { db, changes, clock, mediaNodes, settings } = platform;

  const baseUrlOf = (nodeId: string | null, request: RequestFacts): string => {
    const baseUrl = nodeId === null ? null : mediaNodes.baseUrlFor(nodeId, request);
    if (baseUrl === null) throw new DomainError('no-media-node');
    return baseUrl;
  };
  const expiry = (seconds: number): number => Math.floor(clock.wallClockMs() / 1000) + seconds;

  return {
    async issueLive(person, request, cameraId, role) {
      requireRight(person, 'live.watch');
      const camera = await loadCamera(db, cameraId);
      if (camera === null) throw new DomainError('not-found');
      if (!camera.streams.some((stream) => stream.role === role)) throw new DomainError('camera-has-no-such-stream');
      const baseUrl = baseUrlOf(camera.mediaNodeId, request);
      const expiresAtS = expiry(settings.tickets.liveSeconds);
      const ticket = mediaNodes.signTicket({ right: 'live', cameraId, role, personId: person.id, expiresAtS, playback: null });
      return {
        ticket,
        expiresAt: new Date(expiresAtS * 1000).toISOString(),
        urls: liveUrls(baseUrl, cameraId, role, ticket),
        webSocketUrl: liveSocketUrl(baseUrl),
      };
    },

    async issuePlayback(person, actor, request, cameraId, wish) {
      requireRight(person, 'recordings.watch');
      // A camera that was removed leaves its recordings, and whoever needs them needs them all the more.
      const nodeId = await findRecordingNode(db, cameraId);
      if (nodeId === undefined) throw new DomainError('not-found');
      const fromMs = wish.from.getTime();
      const toMs = wish.to.getTime();
      const entry = wish.registerEntryId === null ? null : await findRegisterEntry(wish.registerEntryId);
      const verdict = judgeRegisterCover(entry, { accountId: person.id, cameraId, fromMs, toMs });
      if (verdict !== 'covers' || wish.registerEntryId === null) {
        throw new DomainError(verdict === 'covers' ? 'register-entry-required' : verdict);
      }
      const baseUrl = baseUrlOf(nodeId, request);
      const { registerEntryId } = wish;
      const expiresAtS = expiry(settings.tickets.playbackSeconds);
      const ticket = mediaNodes.signTicket({
        right: 'playback',
        cameraId,
        role: null,
        personId: person.id,
        expiresAtS,
        playback: { fromMs, toMs, registerEntryId },
      });
      await changes.make(actor, async (change) => {
        const detail = { from: wish.from.toISOString(), to: wish.to.toISOString(), registerEntryId };
        change.audit({ action: 'playback-ticket.issued', subjectKind: 'camera', subjectId: cameraId, detail });
      });
      return { ticket, expiresAt: new Date(expiresAtS * 1000).toISOString(), urls: playbackUrls(baseUrl, cameraId, ticket) };
    },
  };
}

/** Live and playback share a route but not a right. */
function requireRight(person: SessionUser, right: Right): void {
  if (!person.rights.includes(right)) throw new DomainError('forbidden');
}
