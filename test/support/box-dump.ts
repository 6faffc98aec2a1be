/** Text form of MP4 boxes: type, offset, size and the bytes of leaves. For golden files; knows no code of the project. */

const containers = new Set(['moov', 'trak', 'mdia', 'minf', 'dinf', 'stbl', 'mvex', 'moof', 'traf']);
/** Containers with fields before their boxes, and how many bytes. */
const headedContainers: Readonly<Record<string, number>> = { stsd: 8, dref: 8, avc1: 78, hvc1: 78, mp4a: 28, alaw: 28, ulaw: 28 };
const maxLeafBytes = 96;

/** One line per box, indented by depth. */
export function dumpBoxes(bytes: Buffer, start = 0, end = bytes.length, depth = 0): string {
  const lines: string[] = [];
  for (let at = start; at + 8 <= end;) {
    const size = bytes.readUInt32BE(at);
    const type = bytes.toString('latin1', at + 4, at + 8);
    const bodyStart = at + 8;
    const bodyEnd = Math.min(end, at + Math.max(8, size));
    const indent = '  '.repeat(depth);
    const headed = headedContainers[type];
    if (containers.has(type)) {
      lines.push(`${indent}${type} @${at} ${size}`, dumpBoxes(bytes, bodyStart, bodyEnd, depth + 1));
    } else if (headed !== undefined) {
      const head = bytes.toString('hex', bodyStart, bodyStart + headed);
      lines.push(`${indent}${type} @${at} ${size} ${head}`, dumpBoxes(bytes, bodyStart + headed, bodyEnd, depth + 1));
    } else {
      const shown = bytes.toString('hex', bodyStart, Math.min(bodyEnd, bodyStart + maxLeafBytes));
      lines.push(`${indent}${type} @${at} ${size} ${shown}${bodyEnd - bodyStart > maxLeafBytes ? '…' : ''}`);
    }
    at = bodyEnd;
  }
  return lines.filter((line) => line !== '').join('\n');
}
