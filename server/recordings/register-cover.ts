/** Whether an entry of the access register (调阅登记) allows a person to watch a stretch of a camera's recordings. Pure. */

export interface RegisterEntryFacts {
  readonly accountId: string;
  readonly cameraIds: readonly string[];
  readonly fromMs: number;
  readonly toMs: number;
}

export interface PlaybackWish {
  readonly accountId: string;
  readonly cameraId: string;
  readonly fromMs: number;
  readonly toMs: number;
}

/** The entry must be the same person's and name camera and span; somebody else's entry is as good as none. */
export function judgeRegisterCover(
  entry: RegisterEntryFacts | null,
  wish: PlaybackWish,
): 'covers' | 'register-entry-required' | 'register-entry-does-not-cover' {
  if (entry === null || entry.accountId !== wish.accountId) return 'register-entry-required';
  const covers = entry.cameraIds.includes(wish.cameraId) && entry.fromMs <= wish.fromMs && entry.toMs >= wish.toMs && wish.fromMs < wish.toMs;
  return covers ? 'covers' : 'register-entry-does-not-cover';
}
