/**
 * How the clips are encoded: no B-frames, a closed group of pictures every 2 s, access unit delimiters, parameter sets
 * before each key frame, no SEI (x264 and x265 write their settings there).
 */

/** The ffmpeg arguments for one output file. `filter` null leaves the size as it is; `crf` and `peak` bound quality and rate. */
export function encode(codec: 'h264' | 'h265', filter: string | null, crf: string, peak: string, path: string): string[] {
  const parameters = [
    'aud=1',
    'keyint=30',
    'min-keyint=30',
    'scenecut=0',
    'bframes=0',
    'repeat-headers=1',
    'open-gop=0',
    ...(codec === 'h265' ? ['log-level=error'] : []),
  ].join(':');
  return [
    ...(filter === null ? [] : ['-vf', filter]),
    '-pix_fmt',
    'yuv420p',
    '-crf',
    crf,
    '-maxrate',
    peak,
    '-bufsize',
    doubled(peak),
    ...(codec === 'h264'
      ? ['-c:v', 'libx264', '-profile:v', filter === null ? 'high' : 'main', '-preset', 'slow', '-x264-params', parameters]
      : ['-c:v', 'libx265', '-preset', 'medium', '-x265-params', parameters]),
    '-bsf:v',
    `filter_units=remove_types=${codec === 'h264' ? '6' : '39-40'}`,
    '-f',
    codec === 'h264' ? 'h264' : 'hevc',
    path,
  ];
}

/** A decoder's buffer of two seconds at the peak rate, so that a key frame may take its share. */
function doubled(rate: string): string {
  return `${Number.parseInt(rate, 10) * 2}k`;
}
