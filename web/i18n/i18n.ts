/** The translator: Chinese first, English second, missing words fall back to Chinese. */
import { createI18n } from 'vue-i18n';
import { messagesOf, type Language } from './messages.ts';

/** Creates the plugin with the person's language. */
export function createTranslator(language: Language) {
  const messages = { zh: messagesOf('zh'), en: messagesOf('en') };
  // The words of a section may hold any nesting; their keys are compared between the languages by a test, not by types.
  return createI18n({ legacy: false, locale: language, fallbackLocale: 'zh', messages: messages as never });
}
