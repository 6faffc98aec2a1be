/** Words of the digital zoom. */
const zh = {
  reset: '显示完整画面（双击、0 或 Esc）',
  overview: '框内为当前显示的部分，点击可移到该处',
  hint: '电子放大：滚轮或 + −，拖动或方向键移动，双击或 0 还原',
  stream: {
    main: '主码流',
    'asking-main': '换主码流…',
    'enough-sub': '子码流',
    'chosen-sub': '子码流（手动）',
    'no-place': '子码流（名额已满）',
    'no-main': '子码流',
    'main-unplayable': '子码流',
  },
  streamSentence: {
    main: '放大后已改用主码流，还原后换回子码流',
    'asking-main': '正在改用主码流，以显示更多细节',
    'enough-sub': '子码流的像素足够当前放大倍数',
    'chosen-sub': '已手动选择子码流，放大时不改用主码流',
    'no-place': '同时放大的画面已占满 {count} 路主码流，此画面仍用子码流',
    'no-main': '此摄像机没有可用的主码流，仍用子码流',
    'main-unplayable': '本浏览器不能播放此摄像机的主码流，仍用子码流',
  },
};

const en: typeof zh = {
  reset: 'Whole picture (double click, 0 or Esc)',
  overview: 'The frame marks what is shown; press to go there',
  hint: 'Digital zoom: wheel or + −, drag or arrows to move, double click or 0 to reset',
  stream: {
    main: 'main',
    'asking-main': 'to main…',
    'enough-sub': 'sub',
    'chosen-sub': 'sub (chosen)',
    'no-place': 'sub (all taken)',
    'no-main': 'sub',
    'main-unplayable': 'sub',
  },
  streamSentence: {
    main: 'Enlarged from the main stream; goes back to the sub stream when reset',
    'asking-main': 'Changing to the main stream to show more detail',
    'enough-sub': 'The sub stream has pixels enough for this scale',
    'chosen-sub': 'You chose the sub stream; zooming does not change it',
    'no-place': '{count} enlarged tiles have the main stream already; this one stays with the sub stream',
    'no-main': 'The camera has no main stream to use; this is the sub stream',
    'main-unplayable': 'This browser cannot play the main stream of this camera; this is the sub stream',
  },
};

export const zoomMessages = { zh, en };
