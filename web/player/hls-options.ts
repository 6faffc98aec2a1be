/** What every hls.js player of these pages has in common. */
import type { HlsConfig } from 'hls.js';

/**
 * Cameras carry neither captions nor metadata cues. Looking for them makes a `<track>` from a `data:` URL, which the content
 * security policy refuses with a message for every video.
 */
export const withoutTextTracks: Partial<HlsConfig> = {
  enableCEA708Captions: false,
  enableDateRangeMetadataCues: false,
  enableEmsgMetadataCues: false,
  enableID3MetadataCues: false,
  enableIMSC1: false,
  enableWebVTT: false,
};
