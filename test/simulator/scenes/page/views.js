/** The sixteen views, in the order in which they are listed; H.264 where a view does not say otherwise. */
import { VIEWS_BY_DAY } from './views-by-day.js';
import { VIEWS_BY_NIGHT } from './views-by-night.js';
import { VIEWS_INDOORS } from './views-indoors.js';

export const VIEWS = [...VIEWS_BY_DAY, ...VIEWS_BY_NIGHT, ...VIEWS_INDOORS].map((view) => ({ codec: 'h264', ...view }));
