/** The person's own choices in this browser: theme and language. */
import { defineStore } from 'pinia';
import { computed, ref } from 'vue';
import { useStorage } from '@vueuse/core';
import type { Language } from '../i18n/messages.ts';
import { chooseTheme, type Theme, type ThemeChoice } from './theme.ts';

export const usePreferences = defineStore('preferences', () => {
  const themeChoice = useStorage<ThemeChoice>('yilan.theme', 'auto');
  const language = useStorage<Language>('yilan.language', 'zh');
  /** Theme the page in sight would have by itself. */
  const pageTheme = ref<Theme>('light');
  const theme = computed(() => chooseTheme(themeChoice.value, pageTheme.value));
  return { themeChoice, language, pageTheme, theme };
});
