/** Words of the sound of a picture. */
const zh = {
  off: '打开声音',
  offOtherWay: '打开声音：{codec} 须经 {transport} 传送，将改用该方式',
  on: '关闭声音',
  opening: '正在打开声音',
  none: '此摄像机没有声音',
  unknown: '打开声音（尚未测得此摄像机有无声音）',
  'not-carried': '此方式（{present}）无声音：{codec} 须经 {transport} 传送，该方式目前不通',
  blocked: '浏览器不允许出声：请再点一次',
  level: '音量',
  levelIs: '音量 {percent}%',
  silence: '关闭声音',
  notHeard: '未出声',
  pictureGone: '画面中断，声音也已中断',
  sounding: '正在播放此画面的声音',
  soundingShort: '有声',
  changedWay: '声音：{codec} 须经 {transport} 传送，已改用该方式',
  endedByWay: '{transport} 不能传送 {codec}，声音已关闭',
};

const en: typeof zh = {
  off: 'Sound on',
  offOtherWay: 'Sound on: {codec} needs {transport}, the picture will change to it',
  on: 'Sound off',
  opening: 'Turning the sound on',
  none: 'This camera has no sound',
  unknown: 'Sound on (not known yet whether this camera has any)',
  'not-carried': 'No sound by {present}: {codec} needs {transport}, which does not get through',
  blocked: 'The browser allows no sound yet: press once more',
  level: 'Level',
  levelIs: 'Level {percent}%',
  silence: 'Sound off',
  notHeard: 'not heard',
  pictureGone: 'The picture is not live, and neither is its sound',
  sounding: 'This is the picture you hear',
  soundingShort: 'Sound',
  changedWay: 'Sound: {codec} needs {transport}; changed to it',
  endedByWay: '{transport} does not carry {codec}; the sound is off',
};

export const soundMessages = { zh, en };
