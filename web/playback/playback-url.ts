/** A playback in its URL: `?cameras=id,id&at=2026-11-21T12:16:42.000Z`. */

/** A link to the playback of these cameras at a moment, ms since 1970; for tiles, alarms and the map. */
export function playbackLink(cameraIds: readonly string[], atMs: number): { path: string; query: Record<string, string> } {
  return { path: '/playback', query: formatPlaybackQuery({ cameraIds, atMs }) };
}

export function formatPlaybackQuery(playback: { readonly cameraIds: readonly string[]; readonly atMs: number }): Record<string, string> {
  return {
    ...(playback.cameraIds.length > 0 ? { cameras: playback.cameraIds.join(',') } : {}),
    at: new Date(Math.round(playback.atMs)).toISOString(),
  };
}

/** `atMs` null when the URL names no moment, or none that can be read. */
export function parsePlaybackQuery(query: Readonly<Record<string, unknown>>): {
  readonly cameraIds: readonly string[];
  readonly atMs: number | null;
} {
  const cameras = query['cameras'];
  const at = query['at'];
  const atMs = typeof at === 'string' ? Date.parse(at) : Number.NaN;
  return {
    cameraIds: typeof cameras === 'string' ? cameras.split(',').filter((id) => id !== '') : [],
    atMs: Number.isNaN(atMs) ? null : atMs,
  };
}
