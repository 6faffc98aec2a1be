/** The reasons why a picture plays the way it does, in the person's language. */
import { computed, toValue, type MaybeRefOrGetter } from 'vue';
import { useI18n } from 'vue-i18n';
import { explainRole, explainTransport, type ReasonText } from './way-reason.ts';

type TransportFacts = Parameters<typeof explainTransport>[0];
type RoleFacts = Parameters<typeof explainRole>[0];

/** Both are empty while nothing plays. Call in `setup`. */
export function useWayReasons(facts: MaybeRefOrGetter<(TransportFacts & RoleFacts) | null>) {
  const { t } = useI18n();

  function inWords({ key, values }: ReasonText): string {
    const words = Object.entries(values ?? {}).map(([name, value]) => [name, t(name === 'failure' ? `player.failure.${value}` : `player.${value}`)]);
    return t(key, Object.fromEntries(words));
  }

  const transportWhy = computed(() => {
    const known = toValue(facts);
    return known === null ? '' : explainTransport(known).map(inWords).join(' · ');
  });
  const roleWhy = computed(() => {
    const known = toValue(facts);
    return known === null ? '' : inWords(explainRole(known));
  });
  return { transportWhy, roleWhy };
}
