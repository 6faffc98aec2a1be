/** People, roles, rights and sessions. */
export type Role = 'administrator' | 'operator' | 'officer' | 'auditor';

/** What a route asks for. A role is a set of rights; everything not granted is refused. */
export type Right =
  | 'district.read'
  | 'district.edit'
  | 'cameras.read'
  | 'cameras.edit'
  | 'live.watch'
  | 'recordings.read'
  | 'recordings.watch'
  | 'access-register.read'
  | 'alarms.read'
  | 'alarms.handle'
  | 'coverage.read'
  | 'coverage.edit-target'
  | 'wall-views.edit'
  | 'accounts.manage'
  | 'audit.read'
  | 'system.read';

export interface Account {
  readonly id: string;
  readonly username: string;
  readonly displayName: string;
  /** Working unit, printed in the access register. */
  readonly unit: string;
  readonly role: Role;
  readonly isDisabled: boolean;
  readonly mustChangePassword: boolean;
  readonly lastLoginAt: string | null;
  readonly createdAt: string;
}

/** The person who is logged in. */
export interface SessionUser {
  readonly id: string;
  readonly username: string;
  readonly displayName: string;
  readonly unit: string;
  readonly role: Role;
  readonly rights: readonly Right[];
  readonly mustChangePassword: boolean;
}

/** `POST /session` and `GET /session` (the latter without token). */
export interface SessionAnswer {
  readonly token?: string;
  readonly user: SessionUser;
  readonly expiresAt: string;
}
