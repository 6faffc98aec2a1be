import { expect, it } from 'vitest';
import { exitCodes, fatalForFolder, fatalForPort, isFinal } from '../../../server/processes/exit.ts';

const systemError = (code: string) => Object.assign(new Error(code), { code });

it.each([
  ['ENOSPC', exitCodes.diskFull, /^The disk of the data folder \/data is full/],
  ['EDQUOT', exitCodes.diskFull, /full/],
  ['EACCES', exitCodes.dataFolderUnusable, /^The data folder \/data cannot be written: .* YILAN_DATA_DIR/],
  ['EROFS', exitCodes.dataFolderUnusable, /cannot be written/],
])('explains %s of the data folder', (code, exitCode, sentence) => {
  const fatal = fatalForFolder(systemError(code), '/data');
  expect(fatal?.exitCode).toBe(exitCode);
  expect(fatal?.message).toMatch(sentence);
});

it('explains a port that is taken or not allowed', () => {
  expect(fatalForPort(systemError('EADDRINUSE'), 8080, 'YILAN_HTTP_PORT')?.message).toBe(
    'Port 8080 is in use by another program: stop it or choose another port with YILAN_HTTP_PORT.',
  );
  expect(fatalForPort(systemError('EACCES'), 80, 'YILAN_HTTP_PORT')?.exitCode).toBe(exitCodes.portInUse);
});

it('leaves other errors alone', () => {
  expect(fatalForFolder(new Error('a bug'), '/data')).toBeNull();
  expect(fatalForPort(systemError('EMFILE'), 80, 'X')).toBeNull();
});

it('tells a pointless restart from a crash', () => {
  expect([isFinal(exitCodes.badConfiguration), isFinal(0), isFinal(1), isFinal(137), isFinal(null)]).toEqual([true, false, false, false, false]);
});
