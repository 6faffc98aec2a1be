/** Roles as sets of rights. Everything not granted here is refused. */
import type { Right, Role, SessionUser } from '../contract/accounts.ts';

const everyRight = [
  'district.read',
  'district.edit',
  'cameras.read',
  'cameras.edit',
  'live.watch',
  'recordings.read',
  'recordings.watch',
  'access-register.read',
  'alarms.read',
  'alarms.handle',
  'coverage.read',
  'coverage.edit-target',
  'wall-views.edit',
  'accounts.manage',
  'audit.read',
  'system.read',
] as const satisfies readonly Right[];

const reading = ['district.read', 'cameras.read', 'alarms.read', 'coverage.read'] as const satisfies readonly Right[];

/** The rights of each role. */
export const rightsOf: { readonly [R in Role]: readonly Right[] } = {
  administrator: everyRight,
  operator: [...reading, 'live.watch', 'recordings.read', 'alarms.handle', 'wall-views.edit', 'system.read'],
  officer: [...reading, 'live.watch', 'recordings.read', 'recordings.watch', 'wall-views.edit'],
  auditor: [...reading, 'recordings.read', 'access-register.read', 'audit.read', 'system.read'],
};

/** Whether somebody may call what asks for `access`; nobody is logged in when `person` is null. */
export function isAllowed(person: Pick<SessionUser, 'rights'> | null, access: Right | 'session' | 'public'): boolean {
  if (access === 'public') return true;
  if (person === null) return false;
  return access === 'session' || person.rights.includes(access);
}
