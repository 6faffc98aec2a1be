/** Acknowledging and closing from any place on screen, with the outcome told in words. */
import { ElMessage } from 'element-plus';
import { useI18n } from 'vue-i18n';
import { ApiProblem, problemCodeOf } from '../api/problem.ts';
import { useAlarms } from './alarms-store.ts';

export function useAlarmActions() {
  const alarms = useAlarms();
  const { t } = useI18n();

  /** Takes one or several alarms at once; those that somebody else took meanwhile are named with him. */
  async function acknowledge(ids: readonly string[], note?: string): Promise<void> {
    const outcomes = await Promise.allSettled(ids.map((id) => alarms.acknowledge(id, note)));
    const taken = outcomes.filter((outcome) => outcome.status === 'fulfilled').length;
    if (taken > 1) ElMessage.success(t('alarms.acknowledgedCount', { count: taken }));
    for (const outcome of outcomes) {
      if (outcome.status === 'rejected') ElMessage.warning(explain(outcome.reason));
    }
    // Somebody else's acknowledgement is on its way as an event; reading again covers a lost link.
    if (taken < ids.length) await alarms.load();
  }

  /** True when it was closed. */
  async function close(id: string, note: string): Promise<boolean> {
    try {
      await alarms.close(id, note);
      return true;
    } catch (error) {
      ElMessage.warning(explain(error));
      return false;
    }
  }

  function explain(error: unknown): string {
    const by = error instanceof ApiProblem ? error.problem?.acknowledgedBy : undefined;
    if (by && problemCodeOf(error) === 'already-acknowledged') return t('alarms.takenBy', { name: by.displayName });
    return t(`problem.${problemCodeOf(error)}`);
  }

  return { acknowledge, close };
}
