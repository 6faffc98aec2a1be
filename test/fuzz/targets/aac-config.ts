/** AudioSpecificConfig of a description. */
import { parseAacConfig } from '../../../media/codec/aac-config.ts';
import { mustHold } from '../fuzz-target.ts';
import type { FuzzTarget } from '../fuzz-target.ts';

/** What is taken has a rate, channels, and an object type that has a number. */
export const aacConfig: FuzzTarget = {
  name: 'aac-config',
  run(input) {
    const config = parseAacConfig(input);
    if (config === null) return;
    mustHold(config.sampleRateHz > 0 && config.sampleRateHz < 2 ** 24, 'a rate out of range');
    mustHold(config.channels >= 1 && config.channels <= 8, 'channels out of range');
    mustHold(config.objectType >= 1 && config.objectType <= 95, 'an object type out of range');
  },
};
