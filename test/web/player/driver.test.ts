import { expect, it } from 'vitest';
import { withRendition, withTicket } from '../../../web/player/driver.ts';

it('puts the newest ticket in place of the one a playlist repeated', () => {
  expect(withTicket('http://n:8090/live/c/main/part-1.2.m4s?ticket=old&_HLS_msn=3', 'new.er')).toBe(
    'http://n:8090/live/c/main/part-1.2.m4s?ticket=new.er&_HLS_msn=3',
  );
});

it('asks for a rendition, and for nothing where the stream plays as it is', () => {
  const url = 'http://n:8090/live/c/main/whep?ticket=a.b';
  expect(withRendition(url, 'h264')).toBe(`${url}&video=h264`);
  expect(withRendition(url, null)).toBe(url);
});
