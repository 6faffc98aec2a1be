/** Ends that a restart would not mend: each has an exit code and is told in one sentence. */

/**
 * Exit codes of server and launcher, after sysexits.h where it has one. The media node uses the same for its settings and
 * ports. A process that ends with one of these is not started again.
 */
export const exitCodes = {
  badConfiguration: 78,
  portInUse: 69,
  dataFolderUnusable: 73,
  diskFull: 74,
  dataFolderTaken: 75,
  databaseUnreachable: 68,
  databaseUnusable: 65,
} as const;

/** Whether a restart is pointless. */
export function isFinal(code: number | null): boolean {
  return code !== null && Object.values<number>(exitCodes).includes(code);
}

/** Thrown where a process cannot go on; `main.ts` prints the sentence and leaves with the code. */
export class FatalError extends Error {
  readonly exitCode: number;

  /**
   * @param exitCode One of {@link exitCodes}.
   * @param sentence Whole, for the administrator: what is wrong and what to do.
   */
  constructor(exitCode: number, sentence: string) {
    super(sentence);
    this.exitCode = exitCode;
  }
}

/** The sentence for a fault of the data folder or its disk, or null for another error. */
export function fatalForFolder(error: unknown, folder: string): FatalError | null {
  switch (errorCode(error)) {
    case 'ENOSPC':
    case 'EDQUOT':
      return new FatalError(exitCodes.diskFull, `The disk of the data folder ${folder} is full: free some space and start again.`);
    case 'EACCES':
    case 'EPERM':
    case 'EROFS':
    case 'ENOTDIR':
    case 'EEXIST':
    case 'ENOENT':
      return new FatalError(
        exitCodes.dataFolderUnusable,
        `The data folder ${folder} cannot be written: choose another with YILAN_DATA_DIR or change its owner.`,
      );
    default:
      return null;
  }
}

/** The sentence for a port that cannot be had, or null for another error. */
export function fatalForPort(error: unknown, port: number, setting: string): FatalError | null {
  switch (errorCode(error)) {
    case 'EADDRINUSE':
      return new FatalError(exitCodes.portInUse, `Port ${port} is in use by another program: stop it or choose another port with ${setting}.`);
    case 'EACCES':
      return new FatalError(exitCodes.portInUse, `Port ${port} may not be opened by this user: choose one above 1023 with ${setting}.`);
    default:
      return null;
  }
}

/** Code of a system error, such as `ENOSPC`; empty for any other error. */
function errorCode(error: unknown): string {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : '';
}
