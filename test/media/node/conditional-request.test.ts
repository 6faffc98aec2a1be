import { describe, expect, it } from 'vitest';
import { planAnswer, type Representation } from '../../../media/node/conditional-request.ts';

const picture: Representation = { sizeBytes: 100, etag: '"a"', lastModifiedMs: Date.UTC(2026, 4, 1, 8, 0, 0, 700) };
const itsDate = 'Fri, 01 May 2026 08:00:00 GMT';
const before = 'Fri, 01 May 2026 07:59:59 GMT';

describe('planAnswer', () => {
  it.each<[string, Record<string, string>, object]>([
    ['no condition', {}, { status: 200 }],
    ['the tag it has', { 'if-none-match': '"a"' }, { status: 304 }],
    ['the tag it has, weakly', { 'if-none-match': 'W/"a"' }, { status: 304 }],
    ['one of several tags', { 'if-none-match': '"b", "a"' }, { status: 304 }],
    ['any tag', { 'if-none-match': '*' }, { status: 304 }],
    ['another tag', { 'if-none-match': '"b"' }, { status: 200 }],
    ['another tag, whatever the date says', { 'if-none-match': '"b"', 'if-modified-since': itsDate }, { status: 200 }],
    ['its date', { 'if-modified-since': itsDate }, { status: 304 }],
    ['an earlier date', { 'if-modified-since': before }, { status: 200 }],
    ['no date at all', { 'if-modified-since': 'yesterday' }, { status: 200 }],
    ['If-Match that holds', { 'if-match': '"a"' }, { status: 200 }],
    ['If-Match that is weak', { 'if-match': 'W/"a"' }, { status: 412 }],
    ['If-Match that fails', { 'if-match': '"b"' }, { status: 412 }],
    ['If-Unmodified-Since that holds', { 'if-unmodified-since': itsDate }, { status: 200 }],
    ['If-Unmodified-Since that fails', { 'if-unmodified-since': before }, { status: 412 }],
    ['a range', { range: 'bytes=10-19' }, { status: 206, start: 10, end: 20 }],
    ['a range of what it has', { range: 'bytes=10-19', 'if-range': '"a"' }, { status: 206, start: 10, end: 20 }],
    ['a range of what it has, by date', { range: 'bytes=-1', 'if-range': itsDate }, { status: 206, start: 99, end: 100 }],
    ['a range of something else', { range: 'bytes=10-19', 'if-range': '"b"' }, { status: 200 }],
    ['a range by a weak tag', { range: 'bytes=10-19', 'if-range': 'W/"a"' }, { status: 200 }],
    ['a range beyond the end', { range: 'bytes=100-' }, { status: 416 }],
    ['several ranges', { range: 'bytes=0-1,5-6' }, { status: 200 }],
    ['a range of what it has already', { range: 'bytes=0-1', 'if-none-match': '"a"' }, { status: 304 }],
  ])('answers %s', (_, headers, expected) => {
    expect(planAnswer(headers, picture)).toEqual(expected);
  });

  it('ignores dates where there is none to compare with', () => {
    const part = { ...picture, lastModifiedMs: null };
    expect(planAnswer({ 'if-modified-since': itsDate }, part)).toEqual({ status: 200 });
    expect(planAnswer({ 'if-unmodified-since': before }, part)).toEqual({ status: 200 });
    expect(planAnswer({ range: 'bytes=1-2', 'if-range': itsDate }, part)).toEqual({ status: 200 });
  });
});
