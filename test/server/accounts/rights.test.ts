import { describe, expect, it } from 'vitest';
import { isAllowed, rightsOf } from '../../../server/accounts/rights.ts';
import { testRoles, testUser } from '../../support/test-accounts.ts';

describe('rights', () => {
  it('gives nobody a right that the administrator has not', () => {
    for (const role of testRoles) expect(rightsOf.administrator).toEqual(expect.arrayContaining([...rightsOf[role]]));
  });

  it('keeps recordings, alarms and accounts with those who answer for them', () => {
    const holders = (right: (typeof rightsOf.administrator)[number]) => testRoles.filter((role) => rightsOf[role].includes(right));
    expect(holders('recordings.watch')).toEqual(['administrator', 'officer']);
    expect(holders('alarms.handle')).toEqual(['administrator', 'operator']);
    expect(holders('audit.read')).toEqual(['administrator', 'auditor']);
    expect(holders('accounts.manage')).toEqual(['administrator']);
    expect(holders('cameras.edit')).toEqual(['administrator']);
    expect(holders('live.watch')).toEqual(['administrator', 'operator', 'officer']);
  });

  it('refuses everything but public routes to somebody who is not logged in', () => {
    expect([isAllowed(null, 'public'), isAllowed(null, 'session'), isAllowed(null, 'cameras.read')]).toEqual([true, false, false]);
    expect(isAllowed(testUser('auditor'), 'session')).toBe(true);
    expect(isAllowed(testUser('auditor'), 'live.watch')).toBe(false);
  });
});
