/** Entry of the pages: creates what lives as long as the page and mounts the application. */
import '@fontsource-variable/noto-sans-sc';
import './styles/tokens.css';
import './styles/base.css';
import './styles/element.css';
import { createPinia } from 'pinia';
import { createApp, watch } from 'vue';
import App from './App.vue';
import { createApiClient } from './api/client.ts';
import { apiKey } from './api/injection.ts';
import { createTranslator } from './i18n/i18n.ts';
import { createPlayerResources, playerResourcesKey } from './player/player-resources.ts';
import { createPageRouter } from './router.ts';
import { usePreferences } from './session/preferences-store.ts';
import { useSession } from './session/session-store.ts';

const app = createApp(App);
app.use(createPinia());
app.provide(
  apiKey,
  createApiClient({ fetch: (input, init) => window.fetch(input, init), onUnauthenticated: () => app.runWithContext(() => useSession().expire()) }),
);
app.provide(playerResourcesKey, createPlayerResources());

const preferences = app.runWithContext(() => usePreferences());
const translator = createTranslator(preferences.language);
watch(
  () => preferences.language,
  (language) => {
    translator.global.locale.value = language;
    document.documentElement.lang = language === 'zh' ? 'zh-CN' : 'en';
  },
  { immediate: true },
);
watch(
  () => preferences.theme,
  (theme) => (document.documentElement.dataset['theme'] = theme),
  { immediate: true },
);

app.use(translator);
app.use(createPageRouter());
app.mount('#app');
