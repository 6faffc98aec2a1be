/** Which entry of the access register allows which pictures. */
import type { AccessRegisterEntry } from '../../server/contract/cameras.ts';

/** The newest entry that allows all these cameras at this moment; null when a new entry is needed. */
export function entryCovering(entries: readonly AccessRegisterEntry[], cameraIds: readonly string[], atMs: number): AccessRegisterEntry | null {
  return (
    entries.find((entry) => cameraIds.every((id) => entry.cameraIds.includes(id)) && atMs >= Date.parse(entry.from) && atMs < Date.parse(entry.to)) ??
    null
  );
}

/** What a new entry asks for at first: ten minutes before the moment, twenty after, never beyond now. Whole seconds. */
export function proposeSpan(atMs: number, nowMs: number): { readonly fromMs: number; readonly toMs: number } {
  const toMs = Math.min(nowMs, atMs + 20 * 60_000);
  const fromMs = Math.min(atMs, toMs) - 10 * 60_000;
  return { fromMs: Math.floor(fromMs / 1000) * 1000, toMs: Math.floor(toMs / 1000) * 1000 };
}
