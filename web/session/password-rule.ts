/** What the page asks of a new password before it troubles the server; the server decides. */

export type PasswordFault = 'too-short' | 'differ';

/** Shortest password that is accepted, characters; a demonstration takes short ones. */
export function passwordMinLength(isDemo: boolean): number {
  return isDemo ? 4 : 10;
}

/** Counts characters, not code units. */
export function isLongEnough(password: string, minLength: number): boolean {
  return Array.from(password).length >= minLength;
}

/** Null when the pair may be sent. */
export function checkNewPassword(password: string, repeated: string, minLength: number): PasswordFault | null {
  if (!isLongEnough(password, minLength)) return 'too-short';
  return password === repeated ? null : 'differ';
}
