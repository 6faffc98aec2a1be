/** The roles a person can have, in the order of a choice. */
import type { Role } from '../../server/contract/accounts.ts';

export const roles: readonly Role[] = ['operator', 'officer', 'auditor', 'administrator'];
