// @ts-check
/** One clear sentence and an exit code, for launchers that run on whatever Node the machine has. */

/** A fault that an administrator has to mend; the message is a whole sentence. */
export class LaunchError extends Error {
  /**
   * @param {string} sentence
   * @param {number} [exitCode]
   */
  constructor(sentence, exitCode = 1) {
    super(sentence);
    this.exitCode = exitCode;
  }
}

/**
 * Runs a launcher to its end. A {@link LaunchError} is printed as its sentence alone.
 *
 * @param {() => Promise<number>} run resolves to the exit code
 */
export async function launch(run) {
  try {
    process.exit(await run());
  } catch (error) {
    if (!(error instanceof LaunchError)) throw error;
    process.stderr.write(`${error.message}\n`);
    process.exit(error.exitCode);
  }
}
