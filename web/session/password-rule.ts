/** What the page asks of a new password before it troubles the server; the server decides. */

/** Shortest password that is accepted, characters. */
export const passwordMinLength = 10;

export type PasswordFault = 'too-short' | 'differ';

/** Null when the pair may be sent. */
export function checkNewPassword(password: string, repeated: string): PasswordFault | null {
  if ([...password].length < passwordMinLength) return 'too-short';
  return password === repeated ? null : 'differ';
}
