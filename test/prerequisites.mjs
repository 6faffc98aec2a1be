// @ts-check
/**
 * What the tests need from the system, beyond npm: programs nobody here wrote, as peers and oracles.
 * Installs them with apt-get where that is allowed, else says the exact command.
 */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';

const gstreamerProbe = [
  '-c',
  "import gi; gi.require_version('GstRtspServer', '1.0'); from gi.repository import Gst, GstRtspServer; Gst.init(None); assert Gst.ElementFactory.find('x264enc') and Gst.ElementFactory.find('x265enc')",
];

const webRtcProbe = [
  '-c',
  "import gi; gi.require_version('GstWebRTC', '1.0'); from gi.repository import Gst, GstWebRTC; Gst.init(None); assert Gst.ElementFactory.find('webrtcbin') and Gst.ElementFactory.find('nicesrc')",
];

/** @type {readonly { name: string; packages: readonly string[]; isPresent: () => boolean }[]} */
const needs = [
  { name: 'Chromium', packages: ['chromium'], isPresent: () => existsSync('/usr/bin/chromium') },
  { name: 'ffmpeg and ffprobe', packages: ['ffmpeg'], isPresent: () => runs('ffmpeg', ['-version']) && runs('ffprobe', ['-version']) },
  { name: 'OpenSSL', packages: ['openssl'], isPresent: () => runs('openssl', ['version']) },
  { name: 'curl', packages: ['curl'], isPresent: () => runs('curl', ['--version']) },
  {
    name: "GStreamer's RTSP server",
    packages: [
      'python3-gi',
      'gir1.2-gst-rtsp-server-1.0',
      'gstreamer1.0-plugins-base',
      'gstreamer1.0-plugins-good',
      'gstreamer1.0-plugins-bad',
      'gstreamer1.0-plugins-ugly',
      'gstreamer1.0-libav',
    ],
    isPresent: () => runs('/usr/bin/python3', gstreamerProbe),
  },
  {
    name: "GStreamer's WebRTC viewer",
    packages: ['gstreamer1.0-nice', 'gir1.2-gst-plugins-bad-1.0', 'gstreamer1.0-plugins-bad', 'gstreamer1.0-libav'],
    isPresent: () => runs('/usr/bin/python3', webRtcProbe),
  },
];

/**
 * Returns nothing when everything is there; throws a sentence with the command to run otherwise.
 *
 * @param {(line: string) => void} report
 */
export function ensurePrerequisites(report) {
  const missing = needs.filter((need) => !need.isPresent());
  if (missing.length === 0) return;
  const packages = missing.flatMap((need) => need.packages);
  const command = `apt-get install -y --no-install-recommends ${packages.join(' ')}`;
  const names = missing.map((need) => need.name).join(', ');
  if (process.getuid?.() !== 0 || !runs('apt-get', ['--version'])) {
    throw new Error(`The tests need ${names}. Install with: sudo apt-get update && sudo ${command}`);
  }
  report(`installing ${names}`);
  const environment = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  const installed = ['apt-get update -qq', command.replace('apt-get', 'apt-get -qq')].every(
    (line) => spawnSync('/bin/sh', ['-c', line], { stdio: ['ignore', 'ignore', 'inherit'], env: environment }).status === 0,
  );
  const stillMissing = needs.filter((need) => !need.isPresent());
  if (!installed && stillMissing.length > 0) {
    throw new Error(`Could not install ${stillMissing.map((need) => need.name).join(', ')}. Run by hand: apt-get update && ${command}`);
  }
}

/**
 * @param {string} program
 * @param {readonly string[]} args
 */
function runs(program, args) {
  return spawnSync(program, args, { stdio: 'ignore' }).status === 0;
}
