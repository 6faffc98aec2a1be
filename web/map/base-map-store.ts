/** The base map of this page, shared by every map on it. */
import { defineStore } from 'pinia';
import { computed } from 'vue';
import { usePreferences } from '../session/preferences-store.ts';
import { DARK_PALETTE, LIGHT_PALETTE } from './base-map-palette.ts';
import { createBaseMapSource, fetchBundledBaseMap } from './base-map-source.ts';

export const useBaseMap = defineStore('base-map', () => {
  const preferences = usePreferences();
  const load = createBaseMapSource(fetchBundledBaseMap);
  /** Colours of the theme in use. */
  const palette = computed(() => (preferences.theme === 'dark' ? DARK_PALETTE : LIGHT_PALETTE));
  return { load, palette };
});
