import { describe, expect, it } from 'vitest';
import { messagesOf } from '../../../web/i18n/messages.ts';
import { explainZoomStream, hasPlace, needsMainStream, zoomPlaces } from '../../../web/zoom/zoom-stream.ts';

const streams = [
  { role: 'main', width: 1920 },
  { role: 'sub', width: 640 },
] as const;
const needs = (scale: number, pictureWidthPx: number, isAsking = false) => needsMainStream({ scale, pictureWidthPx, streams, isAsking });

describe('needsMainStream', () => {
  it('asks once the sub stream is shown larger than it is', () => {
    expect(needs(1.3, 480)).toBe(false);
    expect(needs(1.4, 480)).toBe(true);
  });

  it('never asks for a whole picture, however large', () => {
    expect(needs(1, 1920)).toBe(false);
  });

  it('gives the main stream back only clearly below that, and always for the whole picture', () => {
    expect(needs(1.2, 480, true)).toBe(true);
    expect(needs(1.1, 480, true)).toBe(false);
    expect(needs(1, 1920, true)).toBe(false);
  });

  it('asks for no main stream that is known to have no more pixels', () => {
    expect(needsMainStream({ scale: 4, pictureWidthPx: 480, streams: [{ role: 'main', width: 640 }, streams[1]], isAsking: false })).toBe(false);
  });

  it('takes an unmeasured sub stream for 704 wide', () => {
    expect(needsMainStream({ scale: 2, pictureWidthPx: 352, streams: [], isAsking: false })).toBe(false);
    expect(needsMainStream({ scale: 2, pictureWidthPx: 353, streams: [], isAsking: false })).toBe(true);
  });
});

describe('hasPlace', () => {
  it('goes by who came first, and passes a place on when it is given back', () => {
    const askers = new Set(Array.from({ length: zoomPlaces + 1 }, (_, index) => index));
    expect([hasPlace(askers, 0), hasPlace(askers, zoomPlaces - 1), hasPlace(askers, zoomPlaces)]).toEqual([true, true, false]);
    askers.delete(0);
    expect(hasPlace(askers, zoomPlaces)).toBe(true);
    expect(hasPlace(askers, 0)).toBe(false);
  });
});

describe('explainZoomStream', () => {
  const facts = {
    scale: 3,
    role: 'auto',
    playingRole: 'sub',
    hasMain: true,
    needsMain: true,
    hasPlace: true,
    because: null,
  } as const;
  it.each([
    ['whole picture', { scale: 1 }, null],
    ['already large enough for main', { playingRole: 'main', needsMain: false }, null],
    ['changed', { playingRole: 'main' }, 'main'],
    ['on the way', {}, 'asking-main'],
    ['on the way, nothing playing', { playingRole: null }, 'asking-main'],
    ['pixels enough', { needsMain: false }, 'enough-sub'],
    ['sub chosen by hand', { role: 'sub' }, 'chosen-sub'],
    ['main by layout', { role: 'main', playingRole: 'main' }, null],
    ['no place left', { hasPlace: false }, 'no-place'],
    ['no main stream', { hasMain: false }, 'no-main'],
    ['H.265 that cannot be played', { because: 'h265' }, 'main-unplayable'],
    ['refused by the browser', { because: 'unable' }, 'main-unplayable'],
    ['a line too narrow', { because: 'slow' }, 'main-slow'],
    ['a main stream that did not open', { because: 'failed' }, 'main-failed'],
    ['sound on the sub stream only', { because: 'sound' }, 'sub-for-sound'],
    ['a chosen transport', { because: 'chosen-way' }, 'main-not-by-way'],
  ] as const)('%s', (_name, part, word) => {
    expect(explainZoomStream({ ...facts, ...part })).toBe(word);
    if (word === null) return;
    expect(messagesOf('zh').zoom.stream).toHaveProperty(word);
    expect(messagesOf('zh').zoom.streamSentence).toHaveProperty(word);
  });
});
