import { describe, expect, it } from 'vitest';
import { baseUrlOf } from '../../../server/media-nodes/describe-node.ts';

const page = { protocol: 'http', hostname: 'yilan.example.cn' };

describe('the address that browsers are told', () => {
  it.each([
    ['the host of the page with the media port', { publicUrl: null, mediaPort: 8090, usesTls: false }, 'http://yilan.example.cn:8090'],
    [
      'https where the node has a certificate, whatever the page came by',
      { publicUrl: null, mediaPort: 8090, usesTls: true },
      'https://yilan.example.cn:8090',
    ],
    ['the public one as it was set', { publicUrl: 'http://video.example.cn/', mediaPort: 8090, usesTls: true }, 'http://video.example.cn'],
  ])('is %s', (_, node, expected) => {
    expect(baseUrlOf(node, page)).toBe(expected);
  });
});
