/** The two axes of the alarm list, in the URL as `?handling=open&condition=active`. */
import type { Alarm, AlarmCondition, AlarmHandling } from '../../server/contract/alarms.ts';

export interface AlarmFilter {
  readonly handling: AlarmHandling | 'all';
  readonly condition: AlarmCondition | 'all';
}

export const handlings = ['open', 'acknowledged', 'closed', 'all'] as const satisfies readonly AlarmFilter['handling'][];
export const conditions = ['all', 'active', 'cleared'] as const satisfies readonly AlarmFilter['condition'][];

/** What nobody has seen to comes first: open alarms of either condition. */
export function parseAlarmFilter(query: Readonly<Record<string, unknown>>): AlarmFilter {
  return {
    handling: handlings.find((one) => one === query['handling']) ?? 'open',
    condition: conditions.find((one) => one === query['condition']) ?? 'all',
  };
}

export function formatAlarmFilter(filter: AlarmFilter): Record<string, string> {
  return { handling: filter.handling, ...(filter.condition === 'all' ? {} : { condition: filter.condition }) };
}

export function passesFilter(alarm: Alarm, filter: AlarmFilter): boolean {
  return (filter.handling === 'all' || alarm.handling === filter.handling) && (filter.condition === 'all' || alarm.condition === filter.condition);
}
