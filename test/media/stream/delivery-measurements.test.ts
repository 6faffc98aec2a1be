import { expect, it } from 'vitest';
import { DeliveryMeasurements } from '../../../media/stream/delivery-measurements.ts';

it('tells who is slow now, and keeps what was left out for those who have gone', () => {
  const delivery = new DeliveryMeasurements();
  const [slow, fine, gone] = [delivery.join(), delivery.join(), delivery.join()];
  expect(delivery.observe(0)).toEqual({ slowViewers: 0, droppedFrames: 0 });
  slow.noteDropped(3, 1000);
  slow.noteDropped(1, 2000);
  gone.noteDropped(5, 2000);
  expect(delivery.observe(2000)).toEqual({ slowViewers: 2, droppedFrames: 9 });
  gone.leave();
  gone.leave();
  expect(delivery.observe(11_999)).toEqual({ slowViewers: 1, droppedFrames: 9 });
  expect(delivery.observe(12_000)).toEqual({ slowViewers: 0, droppedFrames: 9 });
  fine.leave();
  slow.leave();
  expect(delivery.observe(12_000)).toEqual({ slowViewers: 0, droppedFrames: 9 });
});
